using System.Text;
using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Rooted;
using Microsoft.Win32.SafeHandles;

namespace Gfxbake.Pipeline.Switching;

/// <summary>Where switches keep their journal, below a root. Whoever has it open is the only one who changes anything.</summary>
public sealed class SwitchLedger : IDisposable
{
    private const string Base = "/var/lib";
    private const int MostBytes = 1 << 20;
    private const int MostTries = 100;

    private readonly RootFolder root;
    private readonly SafeFileHandle locked;

    private SwitchLedger(RootFolder root, string home, SafeFileHandle locked, IReadOnlyList<FolderTime> times)
    {
        (this.root, this.locked, Times) = (root, locked, times);
        (Home, Journal) = (home, home + "/journal.json");
    }

    /// <summary>The folder of the journal, without links.</summary>
    public string Home { get; }

    public string Journal { get; }

    /// <summary>What the folders above the journal had as times before it was made.</summary>
    public IReadOnlyList<FolderTime> Times { get; }

    /// <summary>Reads the journal without locking or making anything; null when no switch is in force.</summary>
    /// <exception cref="SwitchException">There is one that can't be read.</exception>
    public static SwitchJournal? Read(RootFolder root) =>
        root.Resolve(Base + "/gfxbake/rocm-switch") is { } home ? Read(root, home + "/journal.json") : null;

    /// <summary>Opens the ledger for changes.</summary>
    /// <exception cref="SwitchException">Another run has it, or this is no root.</exception>
    public static SwitchLedger Open(RootFolder root)
    {
        var above = root.Resolve(Base) ?? throw new SwitchException($"{root.Path} has no {Base}: is it the root of a system?");
        var (own, home) = (above + "/gfxbake", above + "/gfxbake/rocm-switch");
        for (var i = 0; i < MostTries; i++)
        {
            List<FolderTime> times = [];
            foreach (var (parent, folder) in new[] { (above, own), (own, home) })
            {
                if (root.Look(parent) is { } before)
                    times.Add(new FolderTime(parent, before.Time));
                MakeFolder(root, folder);
            }

            try
            {
                var handle =
                    root.TryLock(home)
                    ?? throw new SwitchException($"another RocmSwitch or RocmRollback is at work (it holds {home}); wait until it ends");
                if (root.Is(handle, home))
                    return new SwitchLedger(root, home, handle, times);
                handle.Dispose();
            }
            catch (RootFolderException error) when (error.IsGone)
            {
                // The one before removed it between our two looks.
            }
        }

        throw new SwitchException($"{home} comes and goes; is something else removing it?");
    }

    /// <summary>Undoes what the journal names, or clears up what a switch left that ended before it had one.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="undo">Gets the switch that is in force or was interrupted.</param>
    /// <returns>What undo gives; null when there is no switch to undo.</returns>
    public static T? Undo<T>(RootFolder root, Func<SwitchRun, SwitchJournal, T> undo)
        where T : class
    {
        if (root.Resolve(Base + "/gfxbake") is null)
            return null;
        using var ledger = Open(root);
        if (ledger.Read() is { } journal)
            return undo(new SwitchRun(root, ledger), journal);
        ledger.Clear(ledger.Times);
        return null;
    }

    public SwitchJournal? Read() => Read(root, Journal);

    public void Write(SwitchJournal journal)
    {
        var text = JsonSerializer.Serialize(journal, RecordFile.Options) + "\n";
        root.MakeFile(Journal, Encoding.UTF8.GetBytes(text), Convert.ToInt32("644", 8), replace: true);
        root.Sync(Home);
    }

    /// <summary>Takes the journal away, and the folders that are empty then.</summary>
    /// <param name="times">Of the folders that stay.</param>
    public void Clear(IReadOnlyList<FolderTime> times)
    {
        root.Remove(Journal + RootFolder.PartialEnding);
        root.Remove(Journal);
        var own = Home[..Home.LastIndexOf('/')];
        if (root.RemoveFolder(Home))
            root.RemoveFolder(own);
        foreach (var time in times.Where(t => root.Look(t.Path) is not null))
            SetTime(root, time);
    }

    /// <summary>Gives a folder its time back, if it has another one: nothing is written where nothing was changed.</summary>
    public static void SetTime(RootFolder root, FolderTime folder)
    {
        if (root.Look(folder.Path)!.Time != folder.Time)
            root.SetTime(folder.Path, folder.Time);
    }

    public void Dispose() => locked.Dispose();

    private static void MakeFolder(RootFolder root, string folder)
    {
        if (root.Look(folder) is null)
        {
            try
            {
                root.MakeFolder(folder, Convert.ToInt32("755", 8));
            }
            catch (RootFolderException error) when (error.IsThere || error.IsGone)
            {
                // Another run is a moment earlier; the lock decides.
            }
        }
    }

    private static SwitchJournal? Read(RootFolder root, string path)
    {
        if (root.Look(path) is not { } entry)
            return null;
        if (entry.Bytes > MostBytes)
            throw new SwitchException($"{path} is no journal of a switch: it is longer than {MostBytes} bytes");
        try
        {
            using var stream = root.Open(path);
            var journal = JsonSerializer.Deserialize<SwitchJournal>(stream, RecordFile.Options);
            if (journal is { Format: SwitchJournal.Current })
                return journal;
            throw new SwitchException($"{path} is of another version of gfxbake: undo the switch with the one that made it");
        }
        catch (JsonException error)
        {
            throw new SwitchException($"{path} is broken ({error.Message}): what the switch made must be removed by hand", error);
        }
    }
}
