using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>A build program that runs while the test looks at it.</summary>
internal sealed partial class RunningBuild : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly StringBuilder text = new();
    private readonly Lock gate = new();

    public RunningBuild(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public string Output
    {
        get
        {
            lock (gate)
                return text.ToString();
        }
    }

    public void WaitForText(string wanted) => WaitUntil(() => Output.Contains(wanted), wanted);

    public void WaitUntil(Func<bool> reached, string what)
    {
        for (var end = DateTime.UtcNow + Patience; !reached(); Thread.Sleep(5))
        {
            if (process.HasExited)
                Assert.Fail($"ended with {process.ExitCode} before: {what}\n{Output}");
            if (DateTime.UtcNow > end)
                Assert.Fail($"no {what} in time\n{Output}");
        }
    }

    /// <summary>Signals this process alone, as `kill` does; a terminal would signal its children too.</summary>
    public void Signal(PosixSignal signal) => Assert.That(Kill(process.Id, signal == PosixSignal.SIGINT ? 2 : 15), Is.Zero);

    public Outcome End(TimeSpan limit)
    {
        Assert.That(process.WaitForExit(limit), Is.True, $"still runs after {limit.TotalSeconds} s\n{Output}");
        process.WaitForExit();
        return new Outcome(process.ExitCode, Output);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (gate)
            text.Append(line).Append('\n');
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
