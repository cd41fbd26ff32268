using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>What a test makes a request answer instead.</summary>
/// <param name="Start">Method and path that it is about, or their beginning.</param>
/// <param name="Times">How many requests.</param>
/// <param name="Status">The status; 0 breaks the connection.</param>
/// <param name="Body">The body.</param>
internal sealed record GitHubFault(string Start, int Times, int Status, string Body)
{
    public Dictionary<string, string> Headers { get; init; } = [];
}

/// <summary>
/// The part of GitHub's REST API that releases need, as docs.github.com/rest describes it: releases, their assets, uploads, commits by
/// tag; pages with Link headers, errors with their bodies.
/// </summary>
internal sealed class GitHubServer : IDisposable
{
    public const string Token = "ghp_rightSecret",
        Repository = "someone/images";

    private readonly SampleServer server;
    private readonly string api,
        uploads;

    private int lastId = 2_100_000_000;

    public GitHubServer(string repository = Repository)
    {
        (api, uploads) = ("/api/v3/repos/" + repository, "/api/uploads/repos/" + repository);
        server = new SampleServer(Answer);
    }

    public string Address => $"http://{server.Address}/";

    /// <summary>Releases, newest first, each as GitHub shows it.</summary>
    public List<JsonObject> Releases { get; } = [];

    public Dictionary<long, List<JsonObject>> Assets { get; } = [];

    public Dictionary<string, string> Tags { get; } = [];

    public List<GitHubFault> Faults { get; } = [];

    /// <summary>Method and path of every request.</summary>
    public List<string> Requests { get; } = [];

    public int LargestPage { get; set; } = 100;

    /// <summary>Called when a request has come, before it is answered.</summary>
    public Action<string>? OnRequest { get; set; }

    public JsonObject AddRelease(string tag, bool draft = false, string body = "", bool prerelease = false)
    {
        var id = ++lastId;
        var release = new JsonObject
        {
            ["id"] = id,
            ["tag_name"] = tag,
            ["draft"] = draft,
            ["prerelease"] = prerelease,
            ["body"] = body,
            ["name"] = tag,
            ["target_commitish"] = "main",
            ["html_url"] = $"https://github.com/{Repository}/releases/tag/{tag}",
            ["upload_url"] = $"{Address[..^1]}{uploads}/releases/{id}/assets{{?name,label}}",
        };
        Releases.Insert(0, release);
        Assets[id] = [];
        return release;
    }

    public JsonObject AddAsset(JsonObject release, string name, byte[] bytes, string state = "uploaded") =>
        AddAsset(release, name, bytes.Length, state == "uploaded" ? Convert.ToHexStringLower(SHA256.HashData(bytes)) : null, state);

    private JsonObject AddAsset(JsonObject release, string name, long size, string? digest, string state)
    {
        var asset = new JsonObject
        {
            ["id"] = ++lastId,
            ["name"] = name,
            ["state"] = state,
            ["size"] = (int)size,
            ["content_type"] = "application/octet-stream",
            ["digest"] = digest is null ? null : "sha256:" + digest,
        };
        Assets[(int)release["id"]!].Add(asset);
        return asset;
    }

    public List<JsonObject> AssetsOf(string tag) => Assets[(int)Releases.Single(r => (string)r["tag_name"]! == tag)["id"]!];

    public void Dispose() => server.Dispose();

    private string? Answer(HttpListenerRequest request, HttpListenerResponse response)
    {
        var what = $"{request.HttpMethod} {request.Url!.AbsolutePath}";
        Requests.Add(what);
        OnRequest?.Invoke(what);
        response.ContentType = "application/json; charset=utf-8";
        if (Faults.FirstOrDefault(f => what.StartsWith(f.Start, StringComparison.Ordinal)) is { } fault)
            return Fail(fault, request, response);
        // Assets are not kept: only what GitHub tells of them.
        var isAsset = what.StartsWith("POST " + uploads, StringComparison.Ordinal);
        var (body, size, digest) = isAsset ? Measure(request) : (Read(request), 0, "");
        // GitHub answers 401 to a token that it does not know, and lets everybody read.
        if (
            request.Headers["Authorization"] is { } token
                ? token is not ("Token " + Token or "Bearer " + Token)
                : request.HttpMethod != "GET"
        )
        {
            return Error(response, 401, "Bad credentials");
        }

        return isAsset ? Upload(request, response, size, digest) : Route(request, response, request.Url.AbsolutePath, body);
    }

    private string Route(HttpListenerRequest request, HttpListenerResponse response, string path, byte[] body)
    {
        var isList = request.HttpMethod == "GET";
        if (path == api + "/releases")
            return isList ? Page(request, response, Releases) : Create(response, Json(body));
        if (path.StartsWith(api + "/commits/tags/", StringComparison.Ordinal))
            return Commit(response, path[(api + "/commits/tags/").Length..]);
        if (path.StartsWith(api + "/releases/assets/", StringComparison.Ordinal) && request.HttpMethod == "DELETE")
            return DeleteAsset(response, int.Parse(path.Split('/')[^1]));
        if (path.StartsWith(api + "/releases/", StringComparison.Ordinal) && path.EndsWith("/assets", StringComparison.Ordinal) && isList)
            return Page(request, response, Assets[long.Parse(path.Split('/')[^2])]);
        return path.StartsWith(api + "/releases/", StringComparison.Ordinal) && request.HttpMethod == "PATCH"
            ? Edit(path, Json(body))
            : Error(response, 404, "Not Found");
    }

    private string? Fail(GitHubFault fault, HttpListenerRequest request, HttpListenerResponse response)
    {
        Faults.Remove(fault);
        if (fault.Times > 1)
            Faults.Insert(0, fault with { Times = fault.Times - 1 });
        if (fault.Status == 0)
        {
            // Abort alone would still send the headers, and an empty answer is one.
            response.ContentLength64 = 1000;
            response.Abort();
            return null;
        }

        Read(request);
        foreach (var (name, value) in fault.Headers)
            response.Headers[name] = value;
        response.StatusCode = fault.Status;
        return fault.Body;
    }

    private static string Error(HttpListenerResponse response, int status, string message, string? code = null)
    {
        response.StatusCode = status;
        var error = new JsonObject
        {
            ["message"] = message,
            ["documentation_url"] = "https://docs.github.com/rest",
            ["status"] = $"{status}",
        };
        if (code is not null)
        {
            error["errors"] = new JsonArray(
                new JsonObject
                {
                    ["resource"] = "ReleaseAsset",
                    ["code"] = code,
                    ["field"] = "name",
                }
            );
        }

        return error.ToJsonString();
    }

    private string Page(HttpListenerRequest request, HttpListenerResponse response, List<JsonObject> all)
    {
        var size = Math.Min(LargestPage, int.Parse(request.QueryString["per_page"] ?? "30"));
        var page = int.Parse(request.QueryString["page"] ?? "1");
        var here = $"{Address[..^1]}{request.Url!.AbsolutePath}?per_page={size}";
        if (page * size < all.Count)
            response.Headers["Link"] = $"<{here}&page={page + 1}>; rel=\"next\", <{here}&page=9>; rel=\"last\"";
        return new JsonArray([.. all.Skip((page - 1) * size).Take(size).Select(r => r.DeepClone())]).ToJsonString();
    }

    private string Create(HttpListenerResponse response, JsonObject wanted)
    {
        var release = AddRelease((string)wanted["tag_name"]!, (bool)wanted["draft"]!, (string?)wanted["body"] ?? "");
        release["target_commitish"] = (string?)wanted["target_commitish"];
        response.StatusCode = 201;
        return release.ToJsonString();
    }

    private string Edit(string path, JsonObject change)
    {
        var release = Releases.Single(r => (int)r["id"]! == int.Parse(path.Split('/')[^1]));
        foreach (var (name, value) in change)
            release[name] = value?.DeepClone();
        if (!(bool)release["draft"]!)
            Tags.TryAdd((string)release["tag_name"]!, (string)release["target_commitish"]!);
        return release.ToJsonString();
    }

    private string Commit(HttpListenerResponse response, string tag) =>
        Tags.TryGetValue(tag, out var sha)
            ? new JsonObject { ["sha"] = sha }.ToJsonString()
            : Error(response, 422, $"No commit found for SHA: tags/{tag}");

    private string DeleteAsset(HttpListenerResponse response, int id)
    {
        response.StatusCode = Assets.Values.Sum(a => a.RemoveAll(x => (int)x["id"]! == id)) > 0 ? 204 : 404;
        return "";
    }

    private string Upload(HttpListenerRequest request, HttpListenerResponse response, long size, string digest)
    {
        var release = long.Parse(request.Url!.AbsolutePath.Split('/')[^2]);
        var name = request.QueryString["name"]!;
        if (Assets[release].Any(a => (string)a["name"]! == name))
            return Error(response, 422, "Validation Failed", "already_exists");
        if (request.ContentLength64 < 0)
            return Error(response, 411, "Length Required");
        response.StatusCode = 201;
        return AddAsset(Releases.Single(r => (int)r["id"]! == release), name, size, digest, "uploaded").ToJsonString();
    }

    private static JsonObject Json(byte[] body) => JsonNode.Parse(body)!.AsObject();

    private static (byte[] Body, long Size, string Digest) Measure(HttpListenerRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        long size = 0;
        for (int count; (count = request.InputStream.Read(buffer)) > 0; size += count)
            hash.AppendData(buffer, 0, count);
        return ([], size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static byte[] Read(HttpListenerRequest request)
    {
        using var bytes = new MemoryStream();
        request.InputStream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
