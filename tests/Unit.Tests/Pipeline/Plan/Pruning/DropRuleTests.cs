using Gfxbake.Pipeline.Plan;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

public sealed class DropRuleTests
{
    [Test]
    public void Library_that_only_a_name_stands_for_goes_with_what_it_needs()
    {
        using var image = Sample().Drop("/usr/lib/libidn.so.*");

        Assert.That(image.Kept, Does.Not.Contain("libidn").And.Not.Contain("libstrings"));
        Assert.That(image.Causes("/usr/lib/libidn.so.2"), Is.EqualTo("RecipeDrop /usr/lib/libidn.so.*"));
        Assert.That(image.Causes("/usr/lib/libidn.so.2.4"), Is.EqualTo("RecipeDrop /usr/lib/libidn.so.*"));
        Assert.That(image.Causes("/usr/lib/libstrings.so.5"), Is.EqualTo("Unreferenced"));
        Assert.That(image.Plan.Problems, Is.Empty);
        Assert.That(
            PlanExplanation.Of(image.Plan, "/usr/lib/libidn.so.2.4"),
            Does.Contain("the drop rule /usr/lib/libidn.so.* of the recipe says that nobody loads it")
        );
    }

    [Test]
    public void Without_the_rule_it_stays()
    {
        using var image = Sample();

        Assert.That(image.Kept, Does.Contain("/usr/lib/libidn.so.2.4").And.Contain("/usr/lib/libstrings.so.5"));
    }

    [TestCase("/usr/lib/libidn.so.2")]
    [TestCase("/usr/lib/libidn.so.2.4")]
    public void Traced_library_stays_and_the_rule_is_a_problem(string opened)
    {
        using var image = Sample().Drop("/usr/lib/libidn.so.*").Trace(opened);

        Assert.That(image.Kept, Does.Contain("/usr/lib/libidn.so.2.4"));
        Assert.That(image.Plan.Problems, Has.Count.EqualTo(1).And.One.Contains("which stays for another reason"));
    }

    [TestCase("/usr/lib/libgone.so.*")]
    [TestCase("/usr/lib/libother.so")]
    public void Rule_that_takes_nothing_away_is_a_problem(string glob)
    {
        using var image = Sample().Drop(glob);

        Assert.That(image.Plan.Problems, Has.Count.EqualTo(1).And.One.Contains("takes nothing away"));
    }

    [Test]
    public void Optional_rule_may_take_nothing_away()
    {
        using var image = Sample().Drop("/usr/lib/libnothing.so.*", optional: true);

        Assert.That(image.Plan.Problems, Is.Empty);
    }

    private static PlannedImage Sample()
    {
        var image = new PlannedImage().Trace("/usr/lib/libc.so");
        image
            .Image.File("/usr/lib/libc.so", new ElfBuilder { ReadOnlyData = "\0libidn.so.2\0"u8.ToArray() })
            .File("/usr/lib/libidn.so.2.4", new ElfBuilder { Needed = ["libstrings.so.5"] })
            .Link("/usr/lib/libidn.so.2", "libidn.so.2.4")
            .File("/usr/lib/libstrings.so.5", new ElfBuilder())
            .File("/usr/lib/libother.so", new ElfBuilder());
        return image;
    }
}
