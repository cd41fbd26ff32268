namespace Gfxbake.Formats.Strace;

/// <summary>What all workloads together did with one path.</summary>
/// <param name="Path">As in <see cref="TracedAccess"/>.</param>
/// <param name="Outcome">The best of all: found before failed before missing.</param>
/// <param name="Workloads">Names of those that touched it, in ordinal order.</param>
/// <param name="Calls">Names of the system calls that touched it, in ordinal order.</param>
public sealed record TracedPath(string Path, AccessOutcome Outcome, IReadOnlyList<string> Workloads, IReadOnlyList<string> Calls);

/// <summary>How much one workload's log held.</summary>
/// <param name="Workload">Its name in the recipe.</param>
/// <param name="Lines">Lines of the log; 0 when the accesses came from elsewhere.</param>
/// <param name="Accesses">Paths touched, repeats included.</param>
/// <param name="Processes">Processes and threads; without a log only those that touched a path.</param>
public sealed record WorkloadCounts(string Workload, long Lines, long Accesses, int Processes);

/// <summary>What several workloads touched, path by path.</summary>
/// <param name="Paths">In ordinal order, each once.</param>
/// <param name="Workloads">In the order in which they were added.</param>
public sealed record TraceSummary(IReadOnlyList<TracedPath> Paths, IReadOnlyList<WorkloadCounts> Workloads);
