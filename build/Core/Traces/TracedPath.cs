namespace Gfxbake.Core.Traces;

/// <summary>A path that the traced workloads touched, all their calls on it taken together.</summary>
public sealed record TracedPath(string Path, AccessOutcome Outcome, IReadOnlyList<string> Workloads, IReadOnlyList<string> Calls);
