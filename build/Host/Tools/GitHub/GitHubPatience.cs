using System.Globalization;
using System.Net;
using Octokit;

namespace Gfxbake.Host.Tools.GitHub;

/// <summary>
/// How long to wait before a request is tried again, as GitHub asks for it:
/// https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately.
/// </summary>
public static class GitHubPatience
{
    /// <summary>How often a request is made at most.</summary>
    public const int Tries = 5;

    /// <summary>A longer wait is not worth a CI machine's time: the error says when to come back.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    // "Otherwise, wait for at least one minute before retrying."
    private static readonly TimeSpan UnknownLimit = TimeSpan.FromMinutes(1);

    /// <returns>Null when another try is of no use, or would be too late.</returns>
    /// <param name="error">What the last try gave.</param>
    /// <param name="tried">How many tries there were, from 1.</param>
    /// <param name="now">The time, to which a limit's end is compared.</param>
    public static TimeSpan? Pause(Exception error, int tried, DateTimeOffset now)
    {
        if (tried >= Tries)
            return null;
        var grown = TimeSpan.FromSeconds(1 << (tried - 1));
        if (error is ApiException answer && IsLimit(answer))
            return (Limit(answer, now) ?? UnknownLimit * (1 << (tried - 1))) is var wait && wait <= LongestWait ? wait : null;
        if (error is UploadException { Wait: { } asked })
            return asked <= LongestWait ? asked : null;
        return IsPassing(error) ? grown : null;
    }

    /// <summary>Whether GitHub asks to come back later.</summary>
    public static bool IsLimit(ApiException error) =>
        error is RateLimitExceededException or SecondaryRateLimitExceededException or AbuseException
        || error.StatusCode == HttpStatusCode.TooManyRequests
        || (
            error.StatusCode == HttpStatusCode.Forbidden
            && (Header(error, "Retry-After") is not null || Header(error, "X-RateLimit-Remaining") == "0")
        );

    /// <summary>The wait that the answer itself names; null when it names none.</summary>
    public static TimeSpan? Limit(ApiException error, DateTimeOffset now)
    {
        if (Number(error, "Retry-After") is { } seconds)
            return TimeSpan.FromSeconds(seconds);
        if (Header(error, "X-RateLimit-Remaining") != "0" || Number(error, "X-RateLimit-Reset") is not { } reset)
            return null;
        var left = DateTimeOffset.FromUnixTimeSeconds(reset) - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static bool IsPassing(Exception error) =>
        error switch
        {
            ApiException answer => (int)answer.StatusCode >= 500,
            UploadException { IsClash: true } => true,
            HttpRequestException { StatusCode: { } status } => (int)status >= 500 || status == HttpStatusCode.TooManyRequests,
            // A time-out is a cancellation that nobody asked for.
            HttpRequestException or IOException or TaskCanceledException => true,
            _ => false,
        };

    private static long? Number(ApiException error, string name) =>
        long.TryParse(Header(error, name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < uint.MaxValue
            ? value
            : null;

    private static string? Header(ApiException error, string name) =>
        error.HttpResponse?.Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
