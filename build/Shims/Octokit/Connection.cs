using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Octokit;

public interface IConnection
{
    Uri BaseAddress { get; }
}

/// <summary>Sends requests and turns GitHub's errors into exceptions.</summary>
internal sealed class Connection(ProductHeaderValue product, Uri baseAddress) : IConnection
{
    private const string MediaType = "application/vnd.github.v3+json";

    private static readonly HttpClient Http = new();

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public Uri BaseAddress { get; } = baseAddress;

    public Credentials Credentials { get; set; } = Credentials.Anonymous;

    /// <summary>The answer as an object, and where the next page of a list is.</summary>
    public async Task<(T? Body, Uri? Next)> Send<T>(HttpMethod method, Uri uri, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(BaseAddress, uri));
        request.Headers.TryAddWithoutValidation("User-Agent", product.ToString());
        request.Headers.TryAddWithoutValidation("Accept", MediaType);
        if (Credentials.Password.Length > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Token", Credentials.Password);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        using var response = await Http.SendAsync(request).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        var answer = new Response(response, text);
        if ((int)response.StatusCode >= 400) throw Errors.Of(answer);
        var isJson = answer.ContentType == "application/json" && text.Length > 0;
        return (isJson ? JsonSerializer.Deserialize<T>(text, Json) : default, Next(answer));
    }

    public static ApiError Error(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ApiError>(text, Json) ?? new ApiError(text);
        }
        catch (JsonException)
        {
            return new ApiError(text);
        }
    }

    /// <summary>The part of RFC 8288 that GitHub uses: &lt;address&gt;; rel="next".</summary>
    private static Uri? Next(Response answer)
    {
        if (!answer.Headers.TryGetValue("Link", out var links)) return null;
        var next = links.Split(',').FirstOrDefault(l => l.Contains("rel=\"next\"", StringComparison.Ordinal));
        return next is null ? null : new Uri(next[(next.IndexOf('<') + 1)..next.IndexOf('>')]);
    }
}

public interface IResponse
{
    object Body { get; }

    IReadOnlyDictionary<string, string> Headers { get; }

    System.Net.HttpStatusCode StatusCode { get; }

    string? ContentType { get; }
}

internal sealed class Response(HttpResponseMessage message, string text) : IResponse
{
    public object Body { get; } = text;

    public IReadOnlyDictionary<string, string> Headers { get; } = message.Headers.ToDictionary(h => h.Key, h => h.Value.First());

    public System.Net.HttpStatusCode StatusCode { get; } = message.StatusCode;

    public string? ContentType { get; } = message.Content.Headers.ContentType?.MediaType;
}

public class ApiOptions
{
    public int? StartPage { get; set; }

    public int? PageCount { get; set; }

    public int? PageSize { get; set; }
}

/// <summary>Requests that the named clients do not have.</summary>
public class ApiConnection(IConnection connection)
{
    internal Connection Connection { get; } = (Connection)connection;

    /// <summary>All pages of a list, or as many as the options say.</summary>
    public async Task<IReadOnlyList<T>> GetAll<T>(Uri uri, ApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(options);
        var query = new StringBuilder(uri.OriginalString);
        if (options.PageSize is { } size) query.Append(query.ToString().Contains('?') ? '&' : '?').Append("per_page=").Append(size);
        if (options.StartPage is { } start) query.Append(query.ToString().Contains('?') ? '&' : '?').Append("page=").Append(start);
        var all = new List<T>();
        var pages = 0;
        for (var next = new Uri(query.ToString(), UriKind.RelativeOrAbsolute); next is not null && (options.PageCount is not { } most || pages < most); pages++)
        {
            var (body, after) = await Connection.Send<List<T>>(HttpMethod.Get, next).ConfigureAwait(false);
            all.AddRange(body ?? []);
            next = after;
        }

        return all;
    }
}
