namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>The layers are not those of the plan: the message says what and what next.</summary>
public sealed class SbomException(string message) : Exception(message);
