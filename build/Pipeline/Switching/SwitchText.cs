namespace Gfxbake.Pipeline.Switching;

/// <summary>A plan in lines for people: everything that will be made, to the last byte.</summary>
public static class SwitchText
{
    private const string Deeper = "          ";

    public static IEnumerable<string> Lines(SwitchPlan plan)
    {
        foreach (var change in plan.Changes)
        {
            yield return $"  {change.Kind.ToString().ToLowerInvariant(), -7} {change.Path}{(change.Mode is { } mode ? $"  ({mode})" : "")}";
            if (change.Target is { } target)
                yield return $"{Deeper}-> {target}";
            foreach (var line in change.Text?.TrimEnd('\n').Split('\n') ?? [])
                yield return Deeper + line;
        }

        foreach (var note in plan.Notes)
            yield return $"Note: {note}.";
    }

    /// <summary>What undoing a switch removes.</summary>
    public static IEnumerable<string> Lines(SwitchJournal journal) =>
        journal.Changes.Reverse().Select(c => $"  {c.Kind.ToString().ToLowerInvariant(), -7} {c.Path}");
}
