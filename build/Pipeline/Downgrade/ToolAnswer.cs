namespace Gfxbake.Pipeline.Downgrade;

/// <summary>What a command that only reads said.</summary>
public sealed record ToolAnswer(int Status, IReadOnlyList<string> Output, IReadOnlyList<string> Errors);

/// <summary>A machine can't be asked for its packages.</summary>
public sealed class DowngradeException(string message) : Exception(message);
