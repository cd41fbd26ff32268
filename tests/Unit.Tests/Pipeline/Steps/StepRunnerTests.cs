using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>A step that fails but leaves a record, as a proof does.</summary>
public sealed class StepRunnerTests
{
    private MemoryReporter reporter = null!;
    private SampleWorkspace workspace = null!;

    [SetUp]
    public void SetUp() => (workspace, reporter) = (new SampleWorkspace(), new MemoryReporter());

    [TearDown]
    public void TearDown() => workspace.Dispose();

    [Test]
    public void Failure_that_found_something_leaves_a_record_with_its_inputs()
    {
        Assert.That(() => Run(new Proof(passes: false)), Throws.TypeOf<StepException>().With.Message.EqualTo("not proven"));

        var record = RecordFile.TryRead<VerifyRecord>(workspace.Open().Paths.VerifyRecord)!;
        Assert.Multiple(() =>
        {
            Assert.That(record.Passed, Is.False);
            Assert.That(record.Inputs["candidate image"], Is.EqualTo("candidate-id"));
            Assert.That(record.Inputs["gfxbake"], Is.EqualTo("code"));
        });
    }

    [Test]
    public void Proof_that_failed_is_tried_again_and_says_so()
    {
        Assert.That(() => Run(new Proof(passes: false)), Throws.TypeOf<StepException>());
        Run(new Proof(passes: true));
        Run(new Proof(passes: true));

        Assert.That(
            reporter.Lines,
            Is.EqualTo(
                new[]
                {
                    "VerifyMinimal: first run",
                    "VerifyMinimal: again, because of the last proof, which failed (artifacts/sample/debian/verify.json)",
                    "VerifyMinimal: unchanged (artifacts/sample/debian/verify.json)",
                }
            )
        );
    }

    private void Run(Proof step) => StepRunner.Run(step, workspace.Open(), workspace.Engine, reporter, "code", CancellationToken.None);

    /// <summary>VerifyMinimal with another work.</summary>
    private sealed class Proof(bool passes) : Step<VerifyInput, VerifyRecord>
    {
        private readonly VerifyStep step = new();

        public override string Name => step.Name;

        public override string RecordOf(BuildPaths paths) => step.RecordOf(paths);

        public override VerifyInput Gather(Workspace workspace, IEngine engine) => step.Gather(workspace, engine);

        public override string? AlsoBecauseOf(VerifyInput input, VerifyRecord record) => step.AlsoBecauseOf(input, record);

        public override VerifyRecord Make(VerifyInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
        {
            var record = new VerifyRecord
            {
                Inputs = [],
                Image = input.Name,
                ImageId = input.Image,
                Workloads = [new WorkloadVerdict("run", null, WorkloadVerdict.Cpu, passes ? [] : ["it fails"])],
            };
            return passes ? record : throw new StepException("not proven") { Found = record };
        }
    }
}
