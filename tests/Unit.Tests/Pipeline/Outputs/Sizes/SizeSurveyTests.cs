using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Outputs.Sizes;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sizes;

public sealed class SizeSurveyTests
{
    [Test]
    public void Entries_are_the_kept_files_with_their_slimmed_sizes_largest_first()
    {
        var plan = Plan(
            Entry("/dropped", 900, action: PlanAction.Drop),
            Entry("/dir", 0, EntryKind.Directory),
            Entry("/link", 0, EntryKind.SymbolicLink),
            Entry("/small", 5),
            Entry("/slim", 500, action: PlanAction.SlimOffload),
            Entry("/big", 50)
        );

        Assert.That(
            SizeSurvey.Entries(plan, [new SlimmedFile("/slim", 500, 20, "")]),
            Is.EqualTo(new[] { new SizeEntry("/big", 50), new("/slim", 20), new("/small", 5) })
        );
    }

    [Test]
    public void Content_of_several_names_counts_once()
    {
        var plan = Plan(Entry("/a", 7, EntryKind.HardLink, link: "/m"), Entry("/m", 7), Entry("/z", 7, EntryKind.HardLink, link: "/m"));

        Assert.That(SizeSurvey.Entries(plan, []), Is.EqualTo(new[] { new SizeEntry("/a", 7) }));
    }

    [Test]
    public void Content_counts_though_the_name_that_holds_it_is_dropped()
    {
        var plan = Plan(Entry("/a", 7, action: PlanAction.Drop), Entry("/z", 7, EntryKind.HardLink, link: "/a"));

        Assert.That(SizeSurvey.Entries(plan, []), Is.EqualTo(new[] { new SizeEntry("/z", 7) }));
    }

    private static PrunePlan Plan(params PlanEntry[] entries) => new() { CodeTargets = [], Entries = entries };

    private static PlanEntry Entry(
        string path,
        long size,
        EntryKind kind = EntryKind.File,
        PlanAction action = PlanAction.Keep,
        string? link = null
    ) =>
        new()
        {
            Path = path,
            Size = size,
            Kind = kind,
            Action = action,
            LinkTarget = link,
            Causes = [new Cause(Reason.Traced, "run")],
        };
}
