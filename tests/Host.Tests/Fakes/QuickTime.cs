namespace Gfxbake.Host.Tests.Fakes;

/// <summary>A clock that is never waited for: each wait is noted, and is over at once.</summary>
internal sealed class QuickTime : TimeProvider
{
    private TimeSpan waited;

    public List<double> Waits { get; } = [];

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + waited;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Add(dueTime.TotalSeconds);
        waited += dueTime;
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
