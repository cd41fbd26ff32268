using System.Net;
using Cake.Common.Diagnostics;
using Gfxbake.Formats.Text;
using Octokit;
using Polly;
using Polly.Retry;

namespace Gfxbake.Host.Tools;

/// <summary>
/// Asks over the network: again while a fault may pass, each time after a longer pause, and not sooner than the server wants.
/// </summary>
public sealed class Retry(BuildContext context)
{
    public const int MostTries = 5;

    /// <summary>A longer wait is not worth a CI machine's time: the error says when to come back.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    // "Otherwise, wait for at least one minute before retrying."
    private static readonly TimeSpan UnknownLimit = TimeSpan.FromMinutes(1);

    /// <summary>How often a request is made at most.</summary>
    public int Tries { get; init; } = MostTries;

    /// <summary>The pause before the second try; each later one is twice as long.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Makes a request until it is answered, or another try is of no use; then its own exception comes through.</summary>
    /// <param name="what">Words for messages: "list the releases of x/y".</param>
    /// <param name="request">The request.</param>
    public T Run<T>(string what, Func<T> request) => Pipeline(what).Execute(_ => request(), context.Interruption.Token);

    /// <summary>How long to wait before the next try; null when another one is of no use, or would be too late.</summary>
    /// <param name="error">What the last try gave.</param>
    /// <param name="tried">How many tries there were, from 1.</param>
    /// <param name="now">The time, to which a limit's end is compared.</param>
    /// <param name="first">The pause after the first one.</param>
    public static TimeSpan? Pause(Exception error, int tried, DateTimeOffset now, TimeSpan first)
    {
        if (!MayPass(error))
            return null;
        var doubled = 1 << (tried - 1);
        var asked = error switch
        {
            ApiException limit when RateLimit.Is(limit) => RateLimit.Left(limit, now) ?? UnknownLimit * doubled,
            RefusedException { Wait: { } wait } => wait,
            _ => TimeSpan.Zero,
        };
        return asked > LongestWait ? null : TimeSpan.FromTicks(Math.Max(asked.Ticks, (first * doubled).Ticks));
    }

    /// <summary>Whether a fault may be gone with the next try.</summary>
    public static bool MayPass(Exception error) =>
        error switch
        {
            ApiException answer => (int)answer.StatusCode >= 500 || RateLimit.Is(answer),
            RefusedException { MayPass: true } or RefusedException { Wait: not null } => true,
            HttpRequestException { StatusCode: { } status } => (int)status >= 500
                || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout,
            // A time-out is a cancellation that nobody asked for.
            HttpRequestException or IOException or TaskCanceledException => !DiskFull.Caused(error),
            _ => false,
        };

    private ResiliencePipeline Pipeline(string what) =>
        new ResiliencePipelineBuilder { TimeProvider = context.Time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = Tries - 1,
                    ShouldHandle = last =>
                        new(
                            !context.Interruption.Requested
                                && last.Outcome.Exception is { } error
                                && Pause(error, last.AttemptNumber) is not null
                        ),
                    DelayGenerator = last => new(Pause(last.Outcome.Exception!, last.AttemptNumber)),
                    OnRetry = last =>
                    {
                        Say(what, last);
                        return default;
                    },
                }
            )
            .Build();

    // Polly counts the tries from 0.
    private TimeSpan? Pause(Exception error, int attempt) => Pause(error, attempt + 1, context.Time.GetUtcNow(), FirstWait);

    private void Say(string what, OnRetryArguments<object> last) =>
        context.Information(
            "  {0}: {1}; try {2} of {3} in {4:N0} s",
            what,
            PlainText.Line(last.Outcome.Exception!.Message),
            last.AttemptNumber + 2,
            Tries,
            last.RetryDelay.TotalSeconds
        );
}
