using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tests.Steps;

internal sealed record SampleRecord : StepRecord
{
    public required string Text { get; init; }
}

internal sealed record SampleInput([property: Inputs] Dictionary<string, string> Inputs);

internal interface IOven
{
    int Heat();
}

internal sealed class Oven : IOven
{
    public int Heat() => 200;
}

internal sealed class HotterOven : IOven
{
    public int Heat() => 250;
}

/// <summary>The target of a step over inputs that a test sets. Not public: the sample host would find it.</summary>
internal sealed class SampleStep : StepTask<SampleInput, SampleRecord>
{
    public SortedDictionary<string, string> Inputs { get; set; } = new(StringComparer.Ordinal) { ["flour"] = "1", ["water"] = "2" };

    public bool IsThere { get; set; } = true;

    public int Made { get; private set; }

    public Exception? Failure { get; set; }

    public IOven Oven { get; set; } = new Oven();

    protected override Step<SampleInput, SampleRecord> Of(BuildContext context) => new Work(this);

    private sealed class Work(SampleStep sample) : Step<SampleInput, SampleRecord>
    {
        public override string Name => nameof(SampleStep);

        public override IReadOnlyList<object> Outside => [sample.Oven];

        public override string RecordOf(BuildPaths paths) => System.IO.Path.Combine(paths.Build, "step.json");

        public override SampleInput Gather(Workspace workspace, IEngine engine) => new(new(sample.Inputs));

        public override bool StillThere(SampleInput input, SampleRecord record, IEngine engine) => sample.IsThere;

        public override SampleRecord Make(SampleInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
        {
            sample.Made++;
            _ = sample.Oven.Heat();
            return sample.Failure is null ? new SampleRecord { Inputs = [], Text = $"made {sample.Made}" } : throw sample.Failure;
        }
    }
}
