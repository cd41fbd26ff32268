using System.Globalization;
using System.Runtime.InteropServices;
using Gfxbake.Core.Records;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Steps;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP: ends the programs that this run started, removes its containers and half-written files, gives the lock
/// back and leaves with 128 + the signal's number. Cake has no cancellation of its own.
/// </summary>
public sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<PosixSignalRegistration> registrations;
    private readonly ManualResetEventSlim done = new();
    private volatile bool requested;
    private BuildLock? held;
    private BuildContext? context;

    public Interruption()
        => registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, Handle))];

    public bool Requested => requested;

    /// <summary>Takes the build lock once per run, and clears what a killed run left.</summary>
    public void Lock(BuildContext build)
    {
        if (held is not null) return;
        context = build;
        held = BuildLock.Take(build);
        Containers.RemoveAll(build);
    }

    public void Release()
    {
        held?.Dispose();
        held = null;
    }

    /// <summary>Sleeps, but not through an interruption.</summary>
    public void Sleep(TimeSpan time)
    {
        for (var end = DateTime.UtcNow + time; DateTime.UtcNow < end; Thread.Sleep(20)) ThrowIfRequested();
    }

    public void ThrowIfRequested()
    {
        if (requested) throw new OperationCanceledException("interrupted");
    }

    /// <summary>Keeps the main thread from ending the process before the cleaning is done.</summary>
    public void WaitIfRequested()
    {
        if (requested) done.Wait(TimeSpan.FromMinutes(2));
    }

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        Release();
        done.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (requested) return;
        requested = true;
        Console.Error.WriteLine($"\nInterrupted by {signal.Signal}: ending what this run started …");
        if (context is { } build)
        {
            build.Log.Verbosity = Cake.Core.Diagnostics.Verbosity.Quiet;
            Processes.EndDescendants(Patience);
            if (held is not null)
            {
                Containers.RemoveAll(build);
                AtomicFile.Sweep(build.Paths.Build);
            }
        }

        Release();
        Console.Error.WriteLine("Nothing half done is left; the same command goes on from the last finished step.");
        done.Set();
        Environment.Exit(128 + (signal.Signal switch { PosixSignal.SIGINT => 2, PosixSignal.SIGHUP => 1, _ => 15 }));
    }
}

/// <summary>The processes below this one, as /proc shows them.</summary>
internal static partial class Processes
{
    private const int Terminate = 15;
    private const int Kill = 9;

    /// <summary>Asks all descendants to end, and makes them end when the patience is over.</summary>
    public static void EndDescendants(TimeSpan patience)
    {
        foreach (var pid in Descendants()) _ = Signal(pid, Terminate);
        for (var end = DateTime.UtcNow + patience; DateTime.UtcNow < end && Descendants().Count > 0;) Thread.Sleep(50);
        foreach (var pid in Descendants()) _ = Signal(pid, Kill);
    }

    private static List<int> Descendants()
    {
        var parents = new Dictionary<int, int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && ParentOf(directory) is { } parent) parents[pid] = parent;
        var found = new HashSet<int> { Environment.ProcessId };
        while (parents.Where(p => found.Contains(p.Value) && !found.Contains(p.Key)).Select(p => p.Key).ToList() is { Count: > 0 } more) found.UnionWith(more);
        found.Remove(Environment.ProcessId);
        return [.. found];
    }

    private static int? ParentOf(string directory)
    {
        try
        {
            // pid (name) state ppid: the name may hold anything, so count from the last ')'. Zombies are gone already.
            var stat = File.ReadAllText(Path.Combine(directory, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int pid, int signal);
}
