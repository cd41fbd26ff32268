using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Outputs.Sizes;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

namespace Gfxbake.Unit.Tests.Pipeline.Minimal;

/// <summary>What the image holds where the plan says StandIn.</summary>
public sealed class StandInLayerTests
{
    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Stand_in_is_in_the_layer_with_the_rights_of_the_library_and_the_proof_asks_for_it()
    {
        using var image = StandInSample.Image();
        using var built = ImageFileSystem.Open(Write(image, image.Plan));
        var found = built.Find(StandInSample.Compiler)!;
        var wanted = image[StandInSample.Compiler].StandIn!;

        Assert.That(Proof(image).Differences(FileTable.Of(built)), Is.Empty);
        Assert.That(FileTable.Of(built).Find(StandInSample.Compiler)!.Sha256, Is.EqualTo(wanted.Sha256));
        Assert.That((found.Size, found.Mode), Is.EqualTo((wanted.Size, image.Image.FileSystem.Find(StandInSample.Compiler)!.Mode)));
        Assert.That(built.Find(StandInSample.Solver), Is.Null);
    }

    [Test]
    public void Library_itself_or_a_changed_stand_in_does_not_pass()
    {
        using var image = StandInSample.Image();
        var (library, standIn) = (image[StandInSample.Compiler].Size, image[StandInSample.Compiler].StandIn!.Size);
        var whole = Differences(image, e => e with { Action = PlanAction.Keep });
        var other = Differences(
            image,
            e => e with { StandIn = (e.StandIn! with { Next = e.StandIn.Next.Replace("alone", "quiet") }).Measured() }
        );

        Assert.That(whole, Is.EqualTo(new[] { $"{StandInSample.Compiler}: {library:N0} bytes, not {standIn:N0}" }));
        Assert.That(other, Has.Count.EqualTo(1).And.One.StartsWith($"{StandInSample.Compiler}: other content: SHA-256 "));
    }

    [Test]
    public void Plan_whose_digest_is_not_that_of_the_stand_in_makes_no_image()
    {
        using var image = StandInSample.Image();
        var plan = Changed(image.Plan, e => e with { StandIn = e.StandIn! with { Functions = ["LLVMCreate@@LLVM_22.1"] } });

        Assert.That(() => Write(image, plan), Throws.ArgumentException.With.Message.Contains("is not the one that was planned"));
    }

    [Test]
    public void Paths_that_went_with_the_library_are_not_missed_and_others_are()
    {
        using var image = StandInSample.Image();
        using var built = ImageFileSystem.Open(Write(image, image.Plan));

        Assert.That(Proof(image).Lost(image.Traced, [], FileTable.Of(built)), Is.Empty);
        var without = FileTable.Of(built).Entries.Where(e => e.Entry.Path != StandInSample.Zip).ToList();
        Assert.That(
            Proof(image).Lost(image.Traced, [], new FileTable(without)),
            Is.EqualTo(new[] { $"{StandInSample.Zip}: found in the full image by run, missing in the pruned one" })
        );
        var unstood = Changed(image.Plan, e => e with { Causes = [new Cause(Reason.Unreferenced, null)] }, StandInSample.SolverLink);
        Assert.That(
            new ImageProof(FileTable.Of(image.Image.FileSystem), unstood, []).Lost(image.Traced, [], FileTable.Of(built)),
            Has.Count.EqualTo(1)
        );
    }

    [Test]
    public void Size_report_counts_what_stands_in()
    {
        using var image = StandInSample.Image();
        var row = SizeSurvey.Entries(image.Plan, []).Single(e => e.Path == StandInSample.Compiler);

        Assert.That(row.Bytes, Is.EqualTo(image[StandInSample.Compiler].StandIn!.Size));
    }

    private static ImageProof Proof(PlannedImage image) => new(FileTable.Of(image.Image.FileSystem), image.Plan, []);

    private List<string> Differences(PlannedImage image, Func<PlanEntry, PlanEntry> change)
    {
        using var built = ImageFileSystem.Open(Write(image, Changed(image.Plan, change)));
        return [.. Proof(image).Differences(FileTable.Of(built))];
    }

    private static PrunePlan Changed(PrunePlan plan, Func<PlanEntry, PlanEntry> change, string path = StandInSample.Compiler) =>
        plan with
        {
            Entries = [.. plan.Entries.Select(e => e.Path == path ? change(e) : e)],
        };

    private string Write(PlannedImage image, PrunePlan plan) => StandInSample.Write(image, plan, folder);
}
