using System.Net;

namespace Gfxbake.Host.Tools.GitHub;

/// <summary>GitHub did not take an upload.</summary>
/// <param name="message">What it said.</param>
/// <param name="status">Its answer's status.</param>
/// <param name="wait">How long it asks to wait; null when it does not ask.</param>
public sealed class UploadException(string message, HttpStatusCode status, TimeSpan? wait) : HttpRequestException(message, null, status)
{
    public TimeSpan? Wait { get; } = wait;

    /// <summary>There is an asset of that name already.</summary>
    public bool IsClash => StatusCode == HttpStatusCode.UnprocessableEntity;
}
