namespace Gfxbake.Pipeline.Steps;

/// <summary>A step can't go on; the message says what, where and what next.</summary>
public sealed class StepException(string message) : Exception(message)
{
    /// <summary>What the step found before it gave up; it is written down for whoever reads.</summary>
    public StepRecord? Found { get; init; }
}
