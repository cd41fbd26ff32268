using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Answers;
using Gfxbake.Pipeline.Plan.Pruning;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Answers;

/// <summary>What is compiled and recorded for stand-ins that answer, and for which run.</summary>
public sealed class AnswersStepTests
{
    private SampleWorkspace workspace = null!;

    [SetUp]
    public void SetUp()
    {
        workspace = new SampleWorkspace();
        workspace.Change(
            "recipes/_shared/standins.yml",
            "for: [libuser.so]",
            "for: [libuser.so], answers: {from: other, library: libother.so, asks: ask_, device: still, command: [a], expect: b, "
                + "real_variable: C, record_variable: D}"
        );
        workspace.Change("recipes/sample/recipe.yml", "    version_of: sample\n", "    version_of: sample\n    standins: [other]\n");
        workspace.Write("docker/standins/other/Dockerfile", "FROM base\n");
    }

    [TearDown]
    public void TearDown() => workspace.Dispose();

    // An RPM base has no apt-get.
    [TestCase("dnf install gcc", "BASE, INSTALL_COMPILER")]
    [TestCase(null, "BASE")]
    public void Compiler_is_installed_as_the_base_says(string? command, string arguments)
    {
        var (open, step) = (workspace.Open(), new AnswersStep(SampleSteps.Supplies));
        var tools = command is null ? null : new TraceTools { Strace = "true", Compiler = command };
        var variant = open.Variant with { Base = open.Variant.Base with { Trace = tools } };
        var recipe = open.Recipe with { Variants = new Dictionary<string, Variant> { ["debian"] = variant } };
        workspace.Engine.Images.Add("base-id");

        var input = step.Gather(open with { Recipe = recipe }, workspace.Engine);
        Assert.That(
            () => step.Make(input, workspace.Engine, new MemoryReporter(), CancellationToken.None),
            Throws.TypeOf<NotSupportedException>()
        );

        var asked = workspace.Engine.Asked.Single().Arguments;
        Assert.That(string.Join(", ", asked.Keys.Order(StringComparer.Ordinal)), Is.EqualTo(arguments));
        Assert.That(asked.GetValueOrDefault("INSTALL_COMPILER"), Is.EqualTo(command));
    }

    // As comgr's for a variant without ROCm: what it would be recorded on is not even made.
    [Test]
    public void Stand_in_of_a_device_that_the_variant_does_not_run_on_is_refused_before_anything_is_made()
    {
        workspace.Change("recipes/_shared/standins.yml", "device: still", "device: beside");

        Assert.That(
            () => new AnswersStep(SampleSteps.Supplies).Gather(workspace.Open(), workspace.Engine),
            Throws
                .TypeOf<StepException>()
                .With.Message.EqualTo(
                    "the stand-in other is recorded on beside, on which no workload of debian runs: this variant asks for no such library; "
                        + "leave other out of --standins, or run with --standins=none"
                )
        );
    }

    [Test]
    public void Plan_without_such_a_stand_in_leaves_alone_what_was_recorded()
    {
        var open = workspace.Open();
        var made = new Dictionary<string, AnsweringStandIn> { ["other"] = new("digest", 1, 2) };
        RecordFile.Write(open.Paths.AnswersRecord, new AnswersRecord { Inputs = [], StandIns = made });

        Assert.That(new PlanStep().Gather(open, workspace.Engine).Answers.Keys, Is.EqualTo(new[] { "other" }));
        Assert.That(
            new PlanStep().Gather(open with { StandIns = new Dictionary<string, StandInRule>() }, workspace.Engine).Answers,
            Is.Empty
        );
    }
}
