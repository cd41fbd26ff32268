using System.Net;

namespace Gfxbake.Host.Tools;

/// <summary>A server answered, but not with what it was asked for.</summary>
/// <param name="message">What it said.</param>
/// <param name="status">Its answer's status.</param>
/// <param name="wait">How long it asks to wait; null when it does not ask.</param>
public sealed class RefusedException(string message, HttpStatusCode status, TimeSpan? wait) : HttpRequestException(message, null, status)
{
    public TimeSpan? Wait { get; } = wait;

    /// <summary>Whether another try is worth it although the status does not say so.</summary>
    public bool MayPass { get; init; }

    public static RefusedException Of(HttpResponseMessage response, string message) =>
        // Beside a redirect the header speaks of the place that it points to.
        new(message, response.StatusCode, (int)response.StatusCode < 400 ? null : RateLimit.Left(response.Headers, DateTimeOffset.UtcNow));
}
