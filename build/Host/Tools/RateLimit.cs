using System.Net;
using System.Net.Http.Headers;
using Octokit;

namespace Gfxbake.Host.Tools;

/// <summary>
/// When a server wants to be asked again, as it says in its headers. For GitHub's:
/// https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately.
/// </summary>
public static class RateLimit
{
    private const string RetryAfter = "Retry-After",
        Remaining = "X-RateLimit-Remaining",
        Reset = "X-RateLimit-Reset";

    /// <summary>Whether GitHub asks to come back later.</summary>
    public static bool Is(ApiException error) =>
        error is RateLimitExceededException or SecondaryRateLimitExceededException or AbuseException
        || error.StatusCode == HttpStatusCode.TooManyRequests
        || (error.StatusCode == HttpStatusCode.Forbidden && (Header(error, RetryAfter) is not null || Header(error, Remaining) == "0"));

    /// <summary>The wait that the answer itself names; null when it names none.</summary>
    public static TimeSpan? Left(ApiException error, DateTimeOffset now) => Left(name => Header(error, name), now);

    /// <inheritdoc cref="Left(ApiException, DateTimeOffset)"/>
    public static TimeSpan? Left(HttpResponseHeaders headers, DateTimeOffset now) =>
        Left(name => headers.TryGetValues(name, out var values) ? values.First() : null, now);

    private static TimeSpan? Left(Func<string, string?> header, DateTimeOffset now)
    {
        if (RetryConditionHeaderValue.TryParse(header(RetryAfter), out var asked))
            return asked.Delta ?? Until(asked.Date!.Value);
        return header(Remaining) == "0" && uint.TryParse(header(Reset), out var reset)
            ? Until(DateTimeOffset.FromUnixTimeSeconds(reset))
            : null;

        TimeSpan Until(DateTimeOffset time) => time > now ? time - now : TimeSpan.Zero;
    }

    private static string? Header(ApiException error, string name) =>
        error.HttpResponse?.Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
