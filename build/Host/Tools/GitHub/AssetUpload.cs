using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Cake.Core;
using Gfxbake.Pipeline.Outputs.Release;

namespace Gfxbake.Host.Tools.GitHub;

/// <summary>
/// Uploads a part of a file as an asset, streaming. Octokit 14 copies every request's body into memory, in case of a redirect
/// (HttpClientAdapter.CloneHttpRequestMessageAsync), and a MemoryStream ends at 2 GiB.
/// </summary>
public sealed class AssetUpload : IDisposable
{
    private const int LargestAnswer = 1 << 20;

    // Slower than any link that a release is worth making over; a stalled one ends.
    private const long SlowestBytesPerSecond = 20_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    public AssetUpload(string token)
    {
        http.DefaultRequestHeaders.UserAgent.ParseAdd("gfxbake/" + new ProjectVersion().GetVersion());
        http.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.github+json");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where a release's assets go.</summary>
    /// <param name="template">The release's upload_url, which ends in {?name,label}.</param>
    /// <param name="api">The API that said so: the token goes to no other host than its own, or GitHub's own for uploads.</param>
    /// <exception cref="CakeException">It points elsewhere.</exception>
    public static Uri Address(string template, Uri api)
    {
        var plain = template.Split('{')[0];
        var isRight =
            Uri.TryCreate(plain, UriKind.Absolute, out var address)
            && address.Scheme == api.Scheme
            && address.UserInfo.Length == 0
            && (address.Authority == api.Authority || (api.Host == "api.github.com" && address.Authority == "uploads.github.com"));
        return isRight
            ? address!
            : throw new CakeException($"the release's upload address is '{template}', which is not at {api.Authority}");
    }

    /// <exception cref="RefusedException">GitHub refused.</exception>
    /// <exception cref="HttpRequestException">The connection broke.</exception>
    public async Task<RemoteAsset> Send(Uri address, ReleasePart part, IProgress<long> progress, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(part.Length / SlowestBytesPerSecond));
        using var body = new StreamContent(new PartStream(part, progress), 1 << 18);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}?name={Uri.EscapeDataString(part.Name)}") { Content = body };
        using var response = await http.SendAsync(request, limit.Token).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(limit.Token).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Created)
            throw Refused(response, Message(text));
        return JsonSerializer.Deserialize<RemoteAsset>(text, Json) ?? throw new HttpRequestException("the answer to the upload is empty");
    }

    public void Dispose() => http.Dispose();

    private static RefusedException Refused(HttpResponseMessage response, string message) =>
        new(message, response.StatusCode, RateLimit.Left(response.Headers, DateTimeOffset.UtcNow))
        {
            // There is an asset of that name already: what broke off is deleted before the next try.
            MayPass = response.StatusCode == HttpStatusCode.UnprocessableEntity,
        };

    private static string Message(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString()!
                : "no message";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "no message";
        }
    }
}
