namespace Gfxbake.Formats.Strace;

/// <summary>Folds the accesses of several workloads into one summary; grows with the number of distinct paths only.</summary>
public sealed class TraceSummaryBuilder
{
    private readonly Dictionary<string, Facts> paths = new(StringComparer.Ordinal);
    private readonly List<WorkloadCounts> counts = [];

    /// <summary>Reads a workload's log to its end.</summary>
    /// <exception cref="TraceFormatException">The log has problems; the summary is as it was before.</exception>
    /// <exception cref="ArgumentException">The workload was added before.</exception>
    public void Add(string workload, StraceReader log)
    {
        ArgumentNullException.ThrowIfNull(log);
        (Dictionary<string, Facts> touched, long accesses, _) = Fold(workload, log.Read());
        Merge(touched, new WorkloadCounts(workload, log.Lines, accesses, log.Processes));
    }

    /// <summary>Adds a workload's accesses.</summary>
    /// <exception cref="ArgumentException">The workload was added before.</exception>
    public void Add(string workload, IEnumerable<TracedAccess> accesses)
    {
        ArgumentNullException.ThrowIfNull(accesses);
        (Dictionary<string, Facts> touched, long count, int processes) = Fold(workload, accesses);
        Merge(touched, new WorkloadCounts(workload, 0, count, processes));
    }

    public TraceSummary Build() =>
        new([.. paths.OrderBy(path => path.Key, StringComparer.Ordinal).Select(path => path.Value.ToPath(path.Key))], [.. counts]);

    private (Dictionary<string, Facts> Touched, long Accesses, int Processes) Fold(string workload, IEnumerable<TracedAccess> accesses)
    {
        ArgumentException.ThrowIfNullOrEmpty(workload);
        if (counts.Exists(count => count.Workload == workload))
            throw new ArgumentException($"workload '{workload}' was added before; give it another name", nameof(workload));
        var touched = new Dictionary<string, Facts>(StringComparer.Ordinal);
        var processes = new HashSet<int>();
        long total = 0;
        foreach (TracedAccess access in accesses)
        {
            total++;
            processes.Add(access.Pid);
            if (!touched.TryGetValue(access.Path, out Facts? facts))
            {
                touched.Add(access.Path, facts = new Facts());
                facts.Workloads.Add(workload);
            }
            facts.Add(access.Outcome);
            if (!facts.Calls.Contains(access.Call))
                facts.Calls.Add(access.Call);
        }
        return (touched, total, processes.Count);
    }

    private void Merge(Dictionary<string, Facts> touched, WorkloadCounts count)
    {
        counts.Add(count);
        foreach ((string path, Facts facts) in touched)
        {
            if (!paths.TryGetValue(path, out Facts? known))
            {
                paths.Add(path, facts);
                continue;
            }
            known.Add(facts.Outcome);
            known.Workloads.AddRange(facts.Workloads);
            known.Calls.AddRange(facts.Calls.Except(known.Calls).ToList());
        }
    }

    private sealed class Facts
    {
        public AccessOutcome Outcome { get; private set; } = AccessOutcome.Missing;

        public List<string> Workloads { get; } = [];

        public List<string> Calls { get; } = [];

        public void Add(AccessOutcome outcome)
        {
            if (Rank(outcome) < Rank(Outcome))
                Outcome = outcome;
        }

        public TracedPath ToPath(string path) =>
            new(path, Outcome, [.. Workloads.Order(StringComparer.Ordinal)], [.. Calls.Order(StringComparer.Ordinal)]);

        private static int Rank(AccessOutcome outcome) =>
            outcome switch
            {
                AccessOutcome.Found => 0,
                AccessOutcome.Failed => 1,
                _ => 2,
            };
    }
}
