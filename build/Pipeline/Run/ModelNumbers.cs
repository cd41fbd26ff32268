using Gfxbake.Formats.Gguf;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Run;

/// <summary>A model's metadata by the names that stand behind its architecture's.</summary>
internal sealed class ModelNumbers
{
    private const string ArchitectureKey = "general.architecture";

    /// <summary>Far more than any model has; products of a few such numbers still fit into a long.</summary>
    private const long Largest = 1L << 32;

    private readonly GgufModel model;

    public ModelNumbers(GgufModel model)
    {
        this.model = model;
        Architecture =
            model.Metadata.GetValueOrDefault(ArchitectureKey)?.Text
            ?? throw new FitException($"the file has no {ArchitectureKey}: it is no language model");
    }

    public string Architecture { get; }

    /// <exception cref="FitException">It is missing.</exception>
    public long Needed(string key) => Optional(key) ?? throw Wrong(key, "is missing");

    /// <summary>A number that is the same for the whole model; of a list the largest.</summary>
    public long? Optional(string key) =>
        List(key) is { } list ? list.DefaultIfEmpty(0).Max()
        : Value(key)?.Number is { } n ? Checked(key, n)
        : null;

    /// <summary>A number of one layer; a key can give one for all or one for each.</summary>
    public long? Of(string key, int layer) =>
        List(key) is not { } list ? Optional(key)
        : layer < list.Count ? list[layer]
        : throw Wrong(key, $"has {list.Count} values and none for layer {layer}");

    public IReadOnlyList<long>? List(string key) => Value(key)?.Numbers?.Select(n => Checked(key, n)).ToList();

    private GgufValue? Value(string key) => model.Metadata.GetValueOrDefault($"{Architecture}.{key}");

    private long Checked(string key, long number) =>
        number is >= 0 and <= Largest ? number : throw Wrong(key, $"is {number}; 0 to {Largest} is possible");

    private FitException Wrong(string key, string problem) => new($"{PlainText.Visible(Architecture)}.{key} {problem}");
}
