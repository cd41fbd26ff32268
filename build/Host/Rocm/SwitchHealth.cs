using System.Net.Http.Json;
using System.Text.Json;
using Cake.Core;
using Gfxbake.Formats.Text;

namespace Gfxbake.Host.Rocm;

/// <summary>Lets Ollama answer once, and looks which libraries it has loaded for that.</summary>
/// <param name="context">The build.</param>
/// <param name="service">Ollama.</param>
internal sealed class SwitchHealth(BuildContext context, OllamaService service)
{
    private const string Device = "inference compute";
    private const int MostLines = 12;

    // Discovery alone may take 30 s, a large model minutes to load.
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Answering = TimeSpan.FromMinutes(10);

    private static readonly string[] Bad = ["level=ERROR", "level=WARN", "error:", "Error", "error"];

    /// <summary>What speaks for the switch, in lines for people.</summary>
    /// <param name="model">What to load; null: the smallest that is there.</param>
    /// <param name="proof">A library, or a folder of libraries, that must be loaded.</param>
    /// <param name="inode">The library's number, where it is mounted over another path.</param>
    /// <exception cref="CakeException">It does not answer, or not with this library: why.</exception>
    public IReadOnlyList<string> Check(string? model, string proof, ulong inode)
    {
        var start = context.Time.GetUtcNow();
        try
        {
            using var http = new HttpClient { BaseAddress = service.Address, Timeout = Answering };
            Wait(http);
            var name = model ?? Smallest(http);
            var (text, tokens) = Generate(http, name);
            var loaded = service.Mapped();
            var log = service.Log(start - TimeSpan.FromSeconds(1));
            List<string> lines = [$"{name} answered: \"{PlainText.Visible(text)}\" ({tokens} tokens)", .. Devices(log)];
            var used = loaded.FirstOrDefault(m =>
                m.Path == proof || m.Path.StartsWith(proof + "/", StringComparison.Ordinal) || m.Inode == inode
            );
            if (used.Path is null)
                throw new CakeException($"{name} answered without {proof}: {Instead(loaded.Select(m => m.Path))}\n{Told(log)}");
            return [.. lines, $"loaded: {used.Path}"];
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or JsonException or KeyNotFoundException)
        {
            throw new CakeException($"{error.Message}\n{Told(service.Log(start - TimeSpan.FromSeconds(1)))}", error);
        }
    }

    private void Wait(HttpClient http)
    {
        for (var end = context.Time.GetUtcNow() + Starting; ; context.Interruption.Sleep(TimeSpan.FromMilliseconds(300)))
        {
            try
            {
                using var answer = http.GetAsync("/api/version", context.Interruption.Token).GetAwaiter().GetResult();
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (context.Time.GetUtcNow() < end)
            {
                // It is starting.
            }
        }
    }

    private string Smallest(HttpClient http)
    {
        var models = Json(http.GetAsync("/api/tags", context.Interruption.Token)).GetProperty("models").EnumerateArray().ToList();
        return models.Count == 0
            ? throw new CakeException($"there is no model to try; get one (ollama pull) or name one with --{Arguments.HealthModel}=")
            : models.MinBy(m => m.GetProperty("size").GetInt64()).GetProperty("name").GetString()!;
    }

    private (string Text, long Tokens) Generate(HttpClient http, string model)
    {
        var question = new
        {
            model,
            prompt = "Say hello.",
            stream = false,
            options = new { num_predict = 8, temperature = 0 },
        };
        var answer = Json(http.PostAsJsonAsync("/api/generate", question, context.Interruption.Token));
        return (
            answer.GetProperty("response").GetString() ?? "",
            answer.TryGetProperty("eval_count", out var count) ? count.GetInt64() : 0
        );
    }

    private static JsonElement Json(Task<HttpResponseMessage> request)
    {
        using var response = request.GetAwaiter().GetResult();
        var body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"Ollama answers {(int)response.StatusCode}: {PlainText.Visible(body.Trim())}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private static IEnumerable<string> Devices(IReadOnlyList<string> log) =>
        log.Where(l => l.Contains(Device, StringComparison.Ordinal))
            .Select(l => PlainText.Visible(l[l.IndexOf(Device, StringComparison.Ordinal)..]));

    private static string Instead(IEnumerable<string> loaded)
    {
        var found = loaded
            .Where(l => l.Contains("libamdhip64", StringComparison.Ordinal) || l.Contains("libggml-", StringComparison.Ordinal))
            .Select(l => PlainText.Visible(l))
            .Order(StringComparer.Ordinal)
            .ToList();
        return found.Count == 0 ? "it has no library of a GPU loaded" : $"loaded are {string.Join(", ", found)}";
    }

    private static string Told(IReadOnlyList<string> log)
    {
        var lines = log.Where(l => l.Contains(Device, StringComparison.Ordinal) || Bad.Any(b => l.Contains(b, StringComparison.Ordinal)))
            .TakeLast(MostLines)
            .Select(l => "  " + PlainText.Visible(l))
            .ToList();
        return lines.Count == 0 ? "Its log says nothing of it." : $"Its log:\n{string.Join('\n', lines)}";
    }
}
