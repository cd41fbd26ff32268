using System.Diagnostics;
using Spectre.Console;

namespace Gfxbake.Host.Tools;

/// <summary>Shows how far a transfer of bytes is: a bar on a terminal, a line now and then elsewhere.</summary>
public static class Transfer
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <param name="what">A few words, for instance "minimal image".</param>
    /// <param name="bytes">About how many will come.</param>
    /// <param name="work">Reports the sum of bytes so far.</param>
    public static void Run(string what, long bytes, Action<IProgress<long>> work)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            work(new Lines(what, bytes));
            return;
        }

        AnsiConsole
            .Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn()
            )
            .Start(progress =>
            {
                var task = progress.AddTask(Markup.Escape(what), maxValue: bytes);
                work(new Bar(task));
                task.Value = bytes;
            });
    }

    private sealed class Bar(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = value;
    }

    private sealed class Lines(string what, long bytes) : IProgress<long>
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private TimeSpan shown;

        public void Report(long value)
        {
            if (clock.Elapsed - shown < Beat)
                return;
            shown = clock.Elapsed;
            var rate = value / clock.Elapsed.TotalSeconds;
            AnsiConsole.WriteLine(
                $"  {clock.Elapsed.TotalSeconds, 4:F0} s  {what}: "
                    + $"{value / 1e6:N0} of about {bytes / 1e6:N0} MB, {rate / 1e6:N0} MB/s, {Math.Max(0, bytes - value) / rate:N0} s left"
            );
        }
    }
}
