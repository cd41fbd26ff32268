using System.Net.Http.Json;
using System.Text.Json;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Host.Measuring;

/// <summary>Asks a server for text: llama-server and Ollama both have OpenAI's /v1/completions. What it answers is not believed.</summary>
public sealed class ServerClient : IDisposable
{
    private const int MostBytes = 4 << 20;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient http;
    private readonly string model;
    private readonly CancellationToken cancellation;

    /// <param name="address">Without a path.</param>
    /// <param name="model">As the server names it.</param>
    /// <param name="limit">Of one request.</param>
    /// <param name="cancellation">Ends what goes on.</param>
    public ServerClient(Uri address, string model, TimeSpan limit, CancellationToken cancellation)
    {
        (this.model, this.cancellation) = (model, cancellation);
        // No proxy: the server is this machine's or one that was named by its address.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        http = new HttpClient(handler)
        {
            BaseAddress = address,
            Timeout = limit,
            MaxResponseContentBufferSize = MostBytes,
        };
    }

    /// <summary>Waits until the server answers at a path.</summary>
    /// <returns>Whether it did; false when it has ended or the time is over.</returns>
    public bool Ready(string path, TimeSpan limit, Func<bool> hasEnded)
    {
        for (var end = DateTime.UtcNow + limit; DateTime.UtcNow < end && !hasEnded(); Thread.Sleep(Look))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using var answer = http.GetAsync(new Uri(path, UriKind.Relative), cancellation).GetAwaiter().GetResult();
                if (answer.IsSuccessStatusCode)
                    return true;
            }
            catch (Exception error)
                when (error is HttpRequestException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
            {
                // It is not up yet.
            }
        }

        return false;
    }

    /// <returns>How many tokens it wrote.</returns>
    /// <exception cref="BenchException">It answered something else.</exception>
    public async Task<int> Complete(string prompt, int tokens)
    {
        var body = new Dictionary<string, object>
        {
            ["model"] = model,
            ["prompt"] = prompt,
            ["max_tokens"] = tokens,
            ["temperature"] = 0,
            ["seed"] = 1,
            ["stream"] = false,
            // Only llama-server knows it; without it a model may be done after a word.
            ["ignore_eos"] = true,
        };
        try
        {
            using var answer = await http.PostAsJsonAsync("v1/completions", body, cancellation).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            return answer.IsSuccessStatusCode
                ? Tokens(text)
                : throw new BenchException(
                    $"{http.BaseAddress} answers {(int)answer.StatusCode}: {PlainText.Line(PlainText.Visible(text))}"
                );
        }
        catch (HttpRequestException error)
        {
            throw new BenchException($"{http.BaseAddress} does not answer: {error.Message}");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BenchException($"{http.BaseAddress} took longer than {http.Timeout.TotalSeconds:0} s for one answer");
        }
    }

    public void Dispose() => http.Dispose();

    private int Tokens(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var count = json.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32();
            return count > 0 ? count : throw new BenchException($"{http.BaseAddress} wrote no token");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BenchException($"{http.BaseAddress} gives no usage.completion_tokens: {PlainText.Line(PlainText.Visible(text))}");
        }
    }
}
