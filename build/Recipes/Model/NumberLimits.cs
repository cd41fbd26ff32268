using System.Text.Json;

namespace Gfxbake.Recipes.Model;

/// <summary>How near the log probabilities of an answer must be to those that another workload got in the full image.</summary>
public sealed record NumberLimits
{
    /// <summary>The workload that asked the same in the full image.</summary>
    public required string Against { get; init; }

    /// <summary>The largest difference of one log probability that is allowed.</summary>
    public required double Largest { get; init; }

    /// <summary>How many log probabilities must have been compared; fewer prove too little.</summary>
    public required int Least { get; init; }
}

/// <summary>What a request to llama-server's /completion says about log probabilities.</summary>
public static class ProbabilityRequest
{
    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 16 };

    /// <param name="request">The request.</param>
    /// <returns>How many tokens of each position it asks for, and why its answer can't be compared; the latter null when it can.</returns>
    public static (int Asked, string? Problem) Read(HttpProbe request)
    {
        try
        {
            if (request.Json is null)
                return (0, "only a request with 'json' is answered with log probabilities");
            using var json = JsonDocument.Parse(request.Json, Shallow);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return (0, "'json' is no JSON object");
            if (IsTrue(json.RootElement, "post_sampling_probs"))
                return (0, "'json' has post_sampling_probs: what a sampler left over is no number of the device; leave it out");
            if (IsTrue(json.RootElement, "stream"))
                return (0, "'json' has stream: its answer comes in pieces; leave it out");
            var found = json.RootElement.TryGetProperty("n_probs", out var value) && value.ValueKind == JsonValueKind.Number;
            return found && value.TryGetInt32(out var asked) && asked > 0
                ? (asked, null)
                : (0, "'json' has no n_probs of 1 or more: it asks for no log probability");
        }
        // Some wrong values are found only when they are read.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (0, $"'json' can't be read: {exception.Message}");
        }
    }

    private static bool IsTrue(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
