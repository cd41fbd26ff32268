namespace Gfxbake.Host.Tests.Fakes;

/// <summary>A clock that is never waited for: each wait is noted, and is over at once.</summary>
internal sealed class QuickTime : TimeProvider
{
    private DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public List<double> Waits { get; } = [];

    public override DateTimeOffset GetUtcNow() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Add(dueTime.TotalSeconds);
        now += dueTime;
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
