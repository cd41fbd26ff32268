using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tests.Steps;

internal sealed record SampleRecord : StepRecord
{
    public required string Text { get; init; }
}

/// <summary>A step over inputs that a test sets. Not public: the sample host would find it.</summary>
internal sealed class SampleStep : RecordedTask<SampleRecord>
{
    public SortedDictionary<string, string> Inputs { get; set; } = new(StringComparer.Ordinal) { ["flour"] = "1", ["water"] = "2" };

    public bool IsThere { get; set; } = true;

    public int Made { get; private set; }

    public Exception? Failure { get; set; }

    protected override string RecordOf(BuildPaths paths) => System.IO.Path.Combine(paths.Build, "step.json");

    protected override SortedDictionary<string, string> InputsOf(BuildContext context) => new(Inputs);

    protected override bool StillThere(BuildContext context, SampleRecord record) => IsThere;

    protected override SampleRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        Made++;
        return Failure is null ? new SampleRecord { Inputs = inputs, Text = $"made {Made}" } : throw Failure;
    }
}
