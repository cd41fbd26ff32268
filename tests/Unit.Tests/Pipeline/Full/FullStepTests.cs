using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Unit.Tests.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Full;

/// <summary>What FullImage gathers of a variant that compiles.</summary>
public sealed class FullStepTests
{
    private const string Commit = "0123456789012345678901234567890123456789";

    private readonly FakeSupplies supplies = new();
    private SampleWorkspace workspace = null!;

    [SetUp]
    public void SetUp()
    {
        workspace = new SampleWorkspace();
        workspace.Change(
            "recipes/sample/recipe.yml",
            "version_of: sample",
            $$"""source: {name: tool, repository: "https://example.org/tool", tag: v1, commit: "{{Commit}}"}"""
        );
    }

    [TearDown]
    public void TearDown() => workspace.Dispose();

    // What it asks of the supplies beside a look throws.
    [Test]
    public void Pinned_source_is_its_commit_and_nothing_is_fetched() =>
        Assert.Multiple(() =>
        {
            Assert.That(Inputs()["source"], Is.EqualTo(Commit));
            Assert.That(Input().Folder.Version, Is.EqualTo("v1"));
        });

    [Test]
    public void Local_source_is_what_it_is_now()
    {
        workspace.Asked = new Asked { SourceFolders = new Dictionary<string, string> { ["tool"] = "/src/tool" } };
        supplies.Local = new("abc-dirty", "first");
        var before = Inputs();
        supplies.Local = new("abc-dirty", "second");
        var after = Inputs();

        Assert.Multiple(() =>
        {
            Assert.That(before["source"], Is.EqualTo("first"));
            Assert.That(after.Where(i => before[i.Key] != i.Value).Select(i => i.Key), Is.EqualTo(new[] { "source" }));
            Assert.That(Input().Folder.Version, Is.EqualTo("abc-dirty"));
        });
    }

    [Test]
    public void Number_of_compilers_is_no_input()
    {
        var before = Inputs();
        workspace.Asked = new Asked { Jobs = "3" };

        Assert.That(Inputs(), Is.EqualTo(before));
    }

    private FullInput Input() => new FullStep(supplies, supplies).Gather(workspace.Open(), workspace.Engine);

    private SortedDictionary<string, string> Inputs() => StepInputs.Of(Input());
}
