using System.Runtime.InteropServices;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Steps;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP: ends the programs that this run started, removes its containers and half-written files, gives the lock
/// back and leaves with 128 + the signal's number. Cake has no cancellation of its own.
/// </summary>
public sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Unwinding = TimeSpan.FromSeconds(3);

    private readonly List<PosixSignalRegistration> registrations;
    private readonly ManualResetEventSlim parked = new();
    private readonly CancellationTokenSource cancellation = new();
    private volatile bool requested;
    private volatile bool guarding;
    private volatile int cleaner;
    private BuildLock? held;
    private bool cleared;
    private BuildContext? context;

    public Interruption() =>
        registrations = [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, Handle)),
        ];

    public bool Requested => requested;

    /// <summary>What ends the program that runs for a person; then nothing else is cleaned, because nothing else was begun.</summary>
    public Action? Cleaning { get; set; }

    /// <summary>For work of our own that looks up now and then.</summary>
    public CancellationToken Token => cancellation.Token;

    /// <summary>Takes the build lock once per run, and clears what a killed run left.</summary>
    public void Lock(BuildContext build)
    {
        if (held is not null && cleared)
            return;
        LockFiles(build);
        Containers.RemoveAll(build);
        cleared = true;
    }

    /// <summary>Takes the build lock for work that needs no engine.</summary>
    public void LockFiles(BuildContext build)
    {
        if (held is not null)
            return;
        context = build;
        held = BuildLock.Take(build);
        cleared = false;
    }

    public void Release()
    {
        held?.Dispose();
        held = null;
    }

    /// <summary>What cuts every sleep short; for tests of waiting that need not wait.</summary>
    public TimeSpan LongestSleep { get; init; } = TimeSpan.MaxValue;

    /// <summary>Sleeps, but not through an interruption.</summary>
    public void Sleep(TimeSpan time)
    {
        for (var end = DateTime.UtcNow + (time < LongestSleep ? time : LongestSleep); DateTime.UtcNow < end; Thread.Sleep(20))
            ThrowIfRequested();
    }

    /// <summary>Keeps an interrupted build from starting anything new; the cleaning itself may.</summary>
    public void ThrowIfRequested()
    {
        if (requested && Environment.CurrentManagedThreadId != cleaner)
            throw new OperationCanceledException("interrupted");
    }

    /// <summary>
    /// Runs a task's work; when that ends because of an interruption, it stays here, so that no error of an ended program is reported.
    /// </summary>
    public void Guard(Action work)
    {
        guarding = true;
        try
        {
            work();
        }
        catch (Exception) when (requested)
        {
            // The next statement parks.
        }

        ParkIfRequested();
        guarding = false;
    }

    /// <summary>Holds the build's thread after an interruption: the cleaning ends the process, with the signal's status.</summary>
    public void ParkIfRequested()
    {
        if (!requested)
            return;
        parked.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        Release();
        parked.Dispose();
        cancellation.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.CompareExchange(ref cleaner, Environment.CurrentManagedThreadId, 0) != 0)
            return;
        requested = true;
        cancellation.Cancel();
        var own = Cleaning;
        Console.Error.WriteLine($"\nInterrupted by {signal.Signal}: ending what this run started …");
        try
        {
            if (own is not null)
                own();
            else if (context is { } build)
                Clean(build);
            else if (guarding)
                parked.Wait(Unwinding);
            if (own is null)
                Console.Error.WriteLine("Nothing half done is left; the same command goes on from the last finished step.");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or EngineException or Cake.Core.CakeException or TimeoutException)
        {
            Console.Error.WriteLine($"Cleaning was not complete: {exception.Message}\nThe next run cleans what is left.");
        }

        Environment.Exit(
            128
                + (
                    signal.Signal switch
                    {
                        PosixSignal.SIGINT => 2,
                        PosixSignal.SIGHUP => 1,
                        _ => 15,
                    }
                )
        );
    }

    private void Clean(BuildContext build)
    {
        build.Log.Verbosity = Cake.Core.Diagnostics.Verbosity.Quiet;
        var engine = held is not null && build.EngineIsKnown;
        // Workloads may ignore SIGTERM, and the engine's client would wait for them.
        if (engine)
            Containers.RemoveWorkloads(build);
        Processes.EndDescendants(Patience);
        // The build's thread deletes its own temporary folders on its way out; pure computing does not look up, and ends with the process.
        parked.Wait(Unwinding);
        Processes.EndDescendants(Patience);
        if (held is null)
            return;
        if (engine)
            Containers.RemoveAll(build);
        BuildLock.Sweep(build.Paths);
        Release();
    }
}
