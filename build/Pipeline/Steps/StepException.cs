namespace Gfxbake.Pipeline.Steps;

/// <summary>A step can't go on; the message says what, where and what next.</summary>
public sealed class StepException(string message) : Exception(message);
