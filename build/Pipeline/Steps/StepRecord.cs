using System.Text.Json.Serialization;

namespace Gfxbake.Pipeline.Steps;

/// <summary>What a step wrote down of itself; the next run compares the inputs and leaves the step out when they are the same.</summary>
public abstract record StepRecord
{
    /// <summary>Digest or text of everything that the result depends on, by a name that a person understands.</summary>
    [JsonPropertyOrder(-1)]
    public required SortedDictionary<string, string> Inputs { get; init; }
}
