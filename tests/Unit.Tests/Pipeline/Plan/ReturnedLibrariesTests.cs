using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

namespace Gfxbake.Unit.Tests.Pipeline.Plan;

/// <summary>A library whose stand-in answers can be had back, with all that went with it.</summary>
public sealed class ReturnedLibrariesTests
{
    private const string Licence = "/usr/share/doc/libllvm22/copyright";

    [Test]
    public void Library_comes_back_with_what_it_needs_and_its_licence()
    {
        using var image = Sample();
        var plan = Plan(image, answers: 40);
        var back = ReturnedLibraries.Plan(plan, image.Image.FileSystem, ImagePackages.Read(image.Image.FileSystem));

        Assert.That(
            Changed(plan, back),
            Is.EqualTo(
                new[]
                {
                    StandInSample.Compiler,
                    "/usr/lib/libdeep.so",
                    StandInSample.SolverLink,
                    StandInSample.Solver,
                    "/usr/share",
                    "/usr/share/doc",
                    "/usr/share/doc/libllvm22",
                    Licence,
                }.Order(StringComparer.Ordinal)
            )
        );
        Assert.That(back.Entries.Where(e => e.StandIn is not null), Is.Empty);
        Assert.That(back.Entries.Single(e => e.Path == StandInSample.Compiler).Action, Is.EqualTo(PlanAction.Keep));
        Assert.That(ReturnedLibraries.Directories(plan), Is.EqualTo(new[] { "/usr/lib" }));
    }

    // The image has it and keeps it; in a folder of its own the loader asks for this name.
    [Test]
    public void Kept_link_to_the_library_is_named()
    {
        using var image = Sample();
        image.Image.Link("/usr/lib/libLLVM.so", "libLLVM.so.22.1");
        image.Trace("/usr/lib/libLLVM.so");

        Assert.That(ReturnedLibraries.Links(Plan(image, answers: 40), image.Image.FileSystem), Is.EqualTo(new[] { "/usr/lib/libLLVM.so" }));
    }

    [Test]
    public void Library_that_nobody_calls_stays_away()
    {
        using var image = Sample();
        var plan = Plan(image, answers: null);
        var back = ReturnedLibraries.Plan(plan, image.Image.FileSystem, ImagePackages.Read(image.Image.FileSystem));

        Assert.That(ReturnedLibraries.Of(plan), Is.Empty);
        Assert.That(ReturnedLibraries.Directories(plan), Is.Empty);
        Assert.That(Changed(plan, back), Is.Empty);
    }

    private static IEnumerable<string> Changed(PrunePlan plan, PrunePlan back) =>
        plan.Entries.Zip(back.Entries).Where(p => !ReferenceEquals(p.First, p.Second)).Select(p => p.First.Path);

    private static PlannedImage Sample()
    {
        var image = StandInSample.Image();
        image
            .Image.Text(Licence, "terms")
            .Text("/var/lib/dpkg/status", "Package: libllvm22\nStatus: install ok installed\nVersion: 22\n")
            .Text("/var/lib/dpkg/info/libllvm22.list", $"{StandInSample.Compiler}\n{Licence}\n");
        return image;
    }

    private static PrunePlan Plan(PlannedImage image, int? answers) =>
        image.Plan with
        {
            Entries =
            [
                .. image.Plan.Entries.Select(e => e.StandIn is null ? e : e with { StandIn = e.StandIn with { Answers = answers } }),
            ],
        };
}
