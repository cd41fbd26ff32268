using System.Text;
using Gfxbake.Formats.Rooted;

namespace Gfxbake.Pipeline.Switching;

/// <summary>Makes a plan's changes, and takes them back. Each of both may end anywhere; undoing goes on from there.</summary>
/// <param name="root">The tree.</param>
/// <param name="ledger">Where the journal is.</param>
public sealed class SwitchRun(RootFolder root, SwitchLedger ledger)
{
    /// <summary>Makes all changes of a plan.</summary>
    /// <param name="plan">What to make.</param>
    /// <param name="cancellation">Looked at before each change.</param>
    /// <exception cref="SwitchException">Something is in the way; nothing was changed.</exception>
    /// <exception cref="RootFolderException">A change failed; what was made before is in the journal.</exception>
    public SwitchJournal Apply(SwitchPlan plan, CancellationToken cancellation = default)
    {
        var taken = plan
            .Changes.SelectMany(c => new[] { c.Path, c.Path + RootFolder.PartialEnding })
            .Where(p => root.Look(p) is not null)
            .ToList();
        if (taken.Count > 0)
            throw InTheWay(taken);
        var made = plan.Changes.Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        var journal = new SwitchJournal
        {
            Format = SwitchJournal.Current,
            To = plan.To,
            Stage = SwitchStage.Applying,
            Changes = [.. plan.Changes.Select(Owned)],
            Folders =
            [
                .. ledger.Times,
                .. made.Select(Parent)
                    .Distinct()
                    .Where(p => !made.Contains(p) && ledger.Times.All(t => t.Path != p))
                    .Order(StringComparer.Ordinal)
                    .Select(p => new FolderTime(p, Time(p))),
            ],
            Seen = [.. plan.Seen.Select(p => new SeenFile(p, root.Sha256(p)))],
        };
        ledger.Write(journal);
        foreach (var change in plan.Changes)
        {
            cancellation.ThrowIfCancellationRequested();
            Make(change);
        }

        foreach (var folder in made.Select(Parent).Distinct())
            root.Sync(folder);
        return journal;
    }

    /// <summary>Says that the switch stays.</summary>
    public void Keep(SwitchJournal journal) => ledger.Write(journal with { Stage = SwitchStage.Kept });

    /// <summary>Removes what the journal names and is as it was made; the rest is somebody else's by now.</summary>
    /// <param name="journal">The switch.</param>
    /// <param name="edited">Whether files go too that were edited since.</param>
    /// <returns>What is left, each with the reason; nothing when the tree is as before.</returns>
    public IReadOnlyList<string> Undo(SwitchJournal journal, bool edited = false)
    {
        List<string> left = [];
        foreach (var change in journal.Changes.Reverse())
        {
            try
            {
                if (Undo(change, edited) is { } problem)
                    left.Add($"{change.Path} {problem}");
            }
            catch (RootFolderException error) when (error.IsBehindLink)
            {
                left.Add($"{change.Path}: {error.Message}");
            }
        }

        var above = ledger.Home[..ledger.Home.LastIndexOf('/')];
        foreach (var folder in journal.Folders.Where(f => IsFolder(f.Path)))
        {
            root.Sync(folder.Path);
            if (!left.Any(l => l.StartsWith(folder.Path + "/", StringComparison.Ordinal)))
                SwitchLedger.SetTime(root, folder);
        }

        ledger.Clear([.. journal.Folders.Where(f => f.Path == above || above.StartsWith(f.Path + "/", StringComparison.Ordinal))]);
        return left;
    }

    /// <summary>Files that are others than when the switch was made, so that it may not fit them any more.</summary>
    public IReadOnlyList<string> Replaced(SwitchJournal journal) =>
        [
            .. journal
                .Seen.Where(s => root.Resolve(s.Path) is not { } path || root.Sha256(path) != s.Sha256)
                .Select(s => $"{s.Path} {(root.Resolve(s.Path) is null ? "is gone" : "is another file")}"),
        ];

    /// <summary>Made files that somebody wrote to since.</summary>
    public IReadOnlyList<SwitchChange> Edited(SwitchJournal journal) =>
        [.. journal.Changes.Where(c => c.Kind == SwitchChangeKind.File && Problem(c) is not null)];

    private string? Undo(SwitchChange change, bool edited)
    {
        if (change.Kind == SwitchChangeKind.File)
            root.Remove(change.Path + RootFolder.PartialEnding);
        if (Problem(change) is { } problem && !(edited && root.Look(change.Path)?.Kind == RootEntryKind.File))
            return problem;
        if (change.Kind == SwitchChangeKind.Folder)
            return root.RemoveFolder(change.Path) ? null : $"holds {string.Join(", ", root.Names(change.Path))}";
        root.Remove(change.Path);
        return null;
    }

    private string? Problem(SwitchChange change) =>
        (change.Kind, root.Look(change.Path)) switch
        {
            (_, null) => null,
            (SwitchChangeKind.Folder, { Kind: RootEntryKind.Folder }) => null,
            (SwitchChangeKind.Link, { Kind: RootEntryKind.Link } link) => link.Target == change.Target
                ? null
                : $"leads to {link.Target}, which the switch did not write",
            (SwitchChangeKind.File, { Kind: RootEntryKind.File }) => root.Sha256(change.Path) == change.Sha256
                ? null
                : "was changed after the switch",
            (_, { } other) => $"is a {other.Kind.ToString().ToLowerInvariant()} now, which the switch did not make",
        };

    private void Make(SwitchChange change)
    {
        switch (change.Kind)
        {
            case SwitchChangeKind.Folder:
                root.MakeFolder(change.Path, Convert.ToInt32(change.Mode, 8));
                break;
            case SwitchChangeKind.Link:
                root.MakeLink(change.Path, change.Target!);
                break;
            default:
                root.MakeFile(change.Path, Encoding.UTF8.GetBytes(change.Text!), Convert.ToInt32(change.Mode, 8));
                break;
        }
    }

    private SwitchChange Owned(SwitchChange change)
    {
        var home = root.Look(ledger.Home)!;
        return change with { Owner = home.Owner, Group = home.Group };
    }

    private bool IsFolder(string path)
    {
        try
        {
            return root.Look(path) is { Kind: RootEntryKind.Folder };
        }
        catch (RootFolderException error) when (error.IsBehindLink)
        {
            return false;
        }
    }

    private static SwitchException InTheWay(IEnumerable<string> taken) =>
        new($"these are there and not of a switch, so they stay:\n  {string.Join("\n  ", taken)}\nremove them first");

    private RootTime Time(string folder) =>
        root.Look(folder) is { Kind: RootEntryKind.Folder } entry
            ? entry.Time
            : throw new SwitchException($"{folder} is no folder, so nothing can be put into it");

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var at ? path[..at] : "/";
}
