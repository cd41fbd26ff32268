using System.Text.Json;

namespace Gfxbake.Recipes.Model;

/// <summary>How near the numbers of an answer must be to those that another workload got in the full image.</summary>
public sealed record NumberLimits
{
    /// <summary>The workload that asked the same in the full image.</summary>
    public required string Against { get; init; }

    /// <summary>The largest difference of one number that is allowed.</summary>
    public required double Largest { get; init; }

    /// <summary>How many numbers must have been compared; fewer prove too little.</summary>
    public required int Least { get; init; }
}

/// <summary>What the numbers of an answer are.</summary>
public enum NumberKind
{
    /// <summary>Of each generated token: how probable the model finds the tokens there.</summary>
    LogProbabilities,

    /// <summary>Of each text: its vector.</summary>
    Embeddings,
}

/// <summary>What a request to llama-server says about numbers.</summary>
/// <param name="Kind">What its answer has.</param>
/// <param name="Asked">How many tokens of each position it asks for; 0 where it asks for no tokens.</param>
/// <param name="Problem">Why its answer can't be compared; null when it can.</param>
public sealed record NumberRequest(NumberKind Kind, int Asked, string? Problem)
{
    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 16 };

    public static NumberRequest Read(HttpProbe request)
    {
        try
        {
            if (request.Json is null)
                return None("only a request with 'json' is answered with numbers");
            using var json = JsonDocument.Parse(request.Json, Shallow);
            return json.RootElement.ValueKind != JsonValueKind.Object ? None("'json' is no JSON object") : Read(json.RootElement);
        }
        // Some wrong values are found only when they are read.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return None($"'json' can't be read: {exception.Message}");
        }
    }

    private static NumberRequest Read(JsonElement json)
    {
        if (IsTrue(json, "post_sampling_probs"))
            return None("'json' has post_sampling_probs: what a sampler left over is no number of the device; leave it out");
        if (IsTrue(json, "stream"))
            return None("'json' has stream: its answer comes in pieces; leave it out");
        // As OpenAI's API asks for vectors. Another form of them is no list of numbers.
        if (json.TryGetProperty("input", out _))
        {
            return json.TryGetProperty("encoding_format", out _)
                ? None("'json' has encoding_format: the answer is compared as a list of numbers; leave it out")
                : new(NumberKind.Embeddings, 0, null);
        }

        var found = json.TryGetProperty("n_probs", out var value) && value.ValueKind == JsonValueKind.Number;
        return found && value.TryGetInt32(out var asked) && asked > 0
            ? new(NumberKind.LogProbabilities, asked, null)
            : None("'json' has no n_probs of 1 or more and no 'input': it asks for no log probability and no vector");
    }

    private static NumberRequest None(string problem) => new(NumberKind.LogProbabilities, 0, problem);

    private static bool IsTrue(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
