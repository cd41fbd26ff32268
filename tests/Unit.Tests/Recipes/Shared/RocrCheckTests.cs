using Gfxbake.Formats.Dpkg;
using Gfxbake.Formats.Rpm;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;
using Gfxbake.Unit.Tests.Formats.Images;
using Gfxbake.Unit.Tests.Formats.Rpm;

namespace Gfxbake.Unit.Tests.Recipes.Shared;

public sealed class RocrCheckTests
{
    private const string Folder = "usr/lib/x86_64-linux-gnu/";
    private const string Broken = " with kernels mainline 6.18.4, OEM 6.14.0-1018 or newer: the area is too small";
    private const string Source = " (https://example.org/table, read 2026-11-28)";
    private const string Instead =
        "; ship ROCr 7.2.1 to 7.2.4, 7.11.0 to 7.14.1, or say in 'despite' why the image is built all the same" + Source;

    [TestCase("7.2.0")]
    [TestCase("7.2.1")]
    [TestCase("7.2.4")]
    [TestCase("7.11.0")]
    [TestCase("7.13.9")]
    [TestCase("7.14.1")]
    public void Rocr_that_works_is_no_problem(string version) => Assert.That(Problem("gfx1151", version), Is.Null);

    // 7.9 and 7.10 are broken although their numbers are above 7.2.1.
    [TestCase("6.4.3")]
    [TestCase("7.9.0")]
    [TestCase("7.9.5")]
    [TestCase("7.10.0")]
    public void Rocr_that_is_broken_is_refused_with_what_to_ship_instead(string version) =>
        Assert.That(Problem("gfx1151", version), Is.EqualTo($"ROCr {version} is broken on gfx1151{Broken}{Instead}"));

    [TestCase("7.2.5")]
    [TestCase("7.10.1")]
    [TestCase("7.15.0")]
    [TestCase("10.0.0")]
    public void Rocr_outside_of_the_table_is_refused(string version) =>
        Assert.That(
            Problem("gfx1151", version),
            Is.EqualTo(
                $"of ROCr {version} nobody says whether it works on gfx1151: it is not in the table of recipes/_shared/hosts.yml{Instead}"
            )
        );

    [TestCase("6.4.3")]
    [TestCase("7.15.0")]
    public void Rocr_is_let_pass_where_the_recipe_says_why(string version) =>
        Assert.That(Problem("gfx1151", version, "for old kernels only"), Is.Null);

    [TestCase("gfx1151", "7.2.4", "'despite' excuses nothing: ROCr 7.2.4 works on gfx1151; leave it out")]
    [TestCase("gfx1100", "6.4.3", "'despite' excuses nothing: no rule of recipes/_shared/hosts.yml is for gfx1100; leave it out")]
    public void Excuse_that_is_not_needed_is_a_problem(string gpu, string version, string problem) =>
        Assert.That(Problem(gpu, version, "once it was"), Is.EqualTo(problem));

    [Test]
    public void Rocr_must_be_named_for_a_gpu_with_a_rule() =>
        Assert.That(
            RocrCheck.Problem(SampleHosts.Facts, "gfx1151", null),
            Does.StartWith("key 'rocr' is missing: gfx1151 does not run with every ROCr")
        );

    [Test]
    public void Rocr_need_not_be_named_for_a_gpu_without_a_rule() =>
        Assert.That(RocrCheck.Problem(SampleHosts.Facts, "gfx1100", null), Is.Null);

    [TestCase("7.2")]
    [TestCase("7.2.4+dfsg-1")]
    public void Rocr_that_is_no_version_is_a_problem(string version) =>
        Assert.That(Problem("gfx1100", version), Does.StartWith($"'{version}' is no version"));

    [Test]
    public void Image_with_the_right_library_has_no_problems() =>
        Assert.That(InImage(Debian("x cwsr_size y", "7.2.4+dfsg-1~exp1")), Is.Empty);

    [Test]
    public void Library_without_the_fix_is_refused_whatever_its_package_says() =>
        Assert.That(
            InImage(Debian("x ctl_stack_size y", "7.2.4+dfsg-1~exp1")),
            Is.EqualTo(new[] { $"/{Folder}libhsa-runtime64.so.1.18 has no text 'cwsr_size', so it is broken on gfx1151{Broken}{Source}" })
        );

    [Test]
    public void Library_of_another_version_is_refused_whatever_it_holds() =>
        Assert.That(
            InImage(Debian("cwsr_size", "6.4.3+dfsg-2")),
            Is.EqualTo(
                new[] { $"/{Folder}libhsa-runtime64.so.1.18 is of package libhsa-runtime64-1 6.4.3+dfsg-2, but the recipe says ROCr 7.2.4" }
            )
        );

    [Test]
    public void Image_without_the_library_is_refused() =>
        Assert.That(
            InImage(new TarBuilder()),
            Is.EqualTo(new[] { "libhsa-runtime64.so.1 is not in the image, but the recipe says that ROCr 7.2.4 is" })
        );

    // A tarball that no package owns: only its bytes speak.
    [TestCase("cwsr_size", 0)]
    [TestCase("cwsr", 1)]
    public void Library_without_an_owner_is_judged_by_its_text(string content, int problems) =>
        Assert.That(InImage(new TarBuilder().File("opt/rocm/lib/libhsa-runtime64.so.1", content)), Has.Count.EqualTo(problems));

    [Test]
    public void Second_copy_is_looked_at_too() =>
        Assert.That(
            InImage(Debian("cwsr_size", "7.2.4-1").File("usr/local/lib/libhsa-runtime64.so.1", "old")),
            Has.Count.EqualTo(1).And.Some.StartsWith("/usr/local/lib/libhsa-runtime64.so.1 has no text")
        );

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(-8)]
    [TestCase(-9)]
    [TestCase(1)]
    public void Text_across_two_chunks_is_found(int offset)
    {
        var content = new string('x', (1 << 20) + 8 + offset) + "cwsr_size" + new string('y', 100);

        Assert.That(InImage(Debian(content, "7.2.4-1")), Is.Empty);
    }

    [Test]
    public void Excused_library_is_only_held_against_its_version()
    {
        using var image = Debian("old", "6.4.3-1").Open();
        var rocr = new ShippedRocr { Version = "6.4.3", Despite = "for old kernels" };

        Assert.That(RocrCheck.Problems(SampleHosts.Facts, "gfx1151", rocr, image, new DpkgDatabase(image)), Is.Empty);
    }

    [Test]
    public void Library_for_a_gpu_without_a_rule_is_only_held_against_its_version() =>
        Assert.That(InImage(Debian("old", "7.2.4-1"), "gfx1100"), Is.Empty);

    [TestCase("1.18.0.70204", 0)]
    [TestCase("1.15.0.60403", 1)]
    public void Library_of_an_rpm_is_held_against_its_version(string version, int problems)
    {
        const string library = "opt/rocm/lib/libhsa-runtime64.so.1";
        var rpm = RpmHeaderBuilder.Package("hsa-rocr", ("/" + library, 0)).Text(1001, version);
        using var image = new TarBuilder()
            .File(library, "cwsr_size")
            .Entry('0', "usr/lib/sysimage/rpm/rpmdb.sqlite", content: RpmDatabaseTests.Database(rpm))
            .Open();
        var rocr = new ShippedRocr { Version = "7.2.4" };

        Assert.That(
            RocrCheck.Problems(SampleHosts.Facts, "gfx1151", rocr, image, RpmDatabase.Read(image)!),
            Has.Count.EqualTo(problems).And.All.Contains("is of package hsa-rocr 1.15.0.60403-1")
        );
    }

    private static TarBuilder Debian(string content, string version) =>
        new TarBuilder()
            .File(Folder + "libhsa-runtime64.so.1.18", content)
            .Link(Folder + "libhsa-runtime64.so.1", "libhsa-runtime64.so.1.18")
            .File("var/lib/dpkg/status", $"Package: libhsa-runtime64-1\nStatus: install ok installed\nVersion: {version}\n")
            .File(
                "var/lib/dpkg/info/libhsa-runtime64-1:amd64.list",
                $"/{Folder}libhsa-runtime64.so.1.18\n/{Folder}libhsa-runtime64.so.1\n"
            );

    private static string? Problem(string gpu, string version, string? despite = null) =>
        RocrCheck.Problem(SampleHosts.Facts, gpu, new ShippedRocr { Version = version, Despite = despite });

    private static IReadOnlyList<string> InImage(TarBuilder tar, string gpu = "gfx1151")
    {
        using var image = tar.Open();
        return RocrCheck.Problems(SampleHosts.Facts, gpu, new ShippedRocr { Version = "7.2.4" }, image, new DpkgDatabase(image));
    }
}
