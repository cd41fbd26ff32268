using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Recipes.Shared;

public sealed class PackagingRulesTests
{
    private const string Valid = """
        standin: {suite: sid, source_date_epoch: 1}
        packager: someone <a@b.invalid>
        formats:
          tarball:
            target: TarballPackage
            architecture: x86_64
            file: '{name}-{version}-{release}.tgz'
            compression: -9
            version: {signs: A-Za-z0-9.}
            places: {programs: /usr/bin, units: /usr/lib/systemd/system, configuration: /etc}
            relations: {needs: []}
        """;

    [Test]
    public void Format_is_read_with_defaults_for_what_it_has_not()
    {
        using var folder = With(Valid);
        var format = RecipeBook.Open(folder.Root).Packaging.Format("tarball");

        Assert.That(
            (format.Image, format.Lint, format.DescriptionColumns, format.Ending, format.Version.BeforeLetter),
            Is.EqualTo(((string?)null, (string?)null, (int?)null, ".tgz", ""))
        );
    }

    [Test]
    public void Unknown_format_is_an_error_that_lists_the_known()
    {
        using var folder = With(Valid);

        Assert.That(
            () => RecipeBook.Open(folder.Root).Packaging.Format("arch"),
            Throws
                .TypeOf<RecipeException>()
                .With.Message.Contains("unknown package format 'arch'; known: tarball (recipes/_shared/packages.yml)")
        );
    }

    [TestCase("  tarball:", "  tar-ball:", "'tar-ball' is no name of a format")]
    [TestCase("TarballPackage", "tarball package", "'tarball package' is no name of a target")]
    [TestCase("-{release}", "", "lacks {release}, so packages could not be told apart")]
    [TestCase("{release}.tgz", "{release}", "has no ending by which a package is found")]
    [TestCase("{name}-", "../{name}-", "must be of letters, digits")]
    [TestCase("{name}-", "{recipe}-{name}-", "must be of letters, digits")]
    [TestCase("A-Za-z0-9.}", "']'}", "']' are no signs of a version")]
    [TestCase("A-Za-z0-9.}", "z-a}", "'z-a' are no signs of a version")]
    [TestCase("/usr/bin", "/usr/bin/", "'/usr/bin/' must be an absolute path without a slash at its end")]
    [TestCase("needs:", "'need s':", "'need s' is no word for templates")]
    [TestCase("    relations:", "    escape: {ab: c}\n    relations:", "'ab' is more than one sign, or none")]
    [TestCase("    relations:", "    description_columns: 3\n    relations:", "no description fits into 3 columns")]
    [TestCase("compression: -9", "", "key 'formats.tarball.compression' is missing (text)")]
    public void Format_that_would_leave_its_place_is_refused(string from, string to, string message)
    {
        using var folder = With(Valid.Replace(from, to));

        Assert.That(() => RecipeBook.Open(folder.Root).Packaging, Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Two_formats_of_one_target_are_refused()
    {
        var format = Valid[Valid.IndexOf("  tarball:", StringComparison.Ordinal)..].Replace("tarball:", "other:");
        using var folder = With(Valid + "\n" + format);

        Assert.That(
            () => RecipeBook.Open(folder.Root).Packaging,
            Throws.TypeOf<RecipeException>().With.Message.Contains("two formats have the target 'TarballPackage'")
        );
    }

    private static RecipeFolder With(string packages)
    {
        var folder = new RecipeFolder();
        folder.Share("packages", packages);
        return folder;
    }
}
