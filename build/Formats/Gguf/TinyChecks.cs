using System.Globalization;
using System.Text;

namespace Gfxbake.Formats.Gguf;

/// <summary>What is wrong with an architecture, before anything is written.</summary>
public static class TinyChecks
{
    private const int MostLayers = 64;
    private const int LargestSize = 1 << 20;

    /// <summary>A test model is a file of some megabytes.</summary>
    private const long MostValues = 1 << 26;

    /// <summary>Every problem, with the key that it is about.</summary>
    public static IEnumerable<(string Key, string Message)> Problems(this TinyArchitecture architecture) =>
        architecture.Format == TinyFormat.Ggml
            ? OfGgml(architecture)
            : OfSizes(architecture).Concat(OfMetadata(architecture)).Concat(OfTensors(architecture));

    /// <summary>A size by its name, or digits; null when it is neither.</summary>
    internal static int? Size(this TinyArchitecture architecture, string text) =>
        text == TinyArchitecture.Vocabulary ? TinyVocabulary.Shared.Count
        : architecture.Sizes.TryGetValue(text, out var size) ? size
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    internal static float? Real(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) ? value : null;

    private static IEnumerable<(string, string)> OfGgml(TinyArchitecture architecture)
    {
        if (architecture.Sizes.Count + architecture.Metadata.Count + Tensors(architecture).Count() > 0)
            yield return ("format", "what a file of the form ggml holds can't be chosen; leave out all but the format");
    }

    private static IEnumerable<(string, string)> OfSizes(TinyArchitecture architecture)
    {
        if (!architecture.Sizes.ContainsKey(TinyArchitecture.Layers))
            yield return ("sizes", $"there must be a size {TinyArchitecture.Layers}, the number of layers");
        foreach (var (name, value) in architecture.Sizes)
        {
            var most = name == TinyArchitecture.Layers ? MostLayers : LargestSize;
            if (name == TinyArchitecture.Vocabulary || name.Length == 0 || char.IsAsciiDigit(name[0]))
                yield return ($"sizes.{name}", $"'{name}' can't be the name of a size; the tokenizer gives {TinyArchitecture.Vocabulary}");
            if (value < 1 || value > most)
                yield return ($"sizes.{name}", $"{name} {value} is not between 1 and {most}");
        }

        int? Of(string name) => architecture.Sizes.TryGetValue(name, out var size) && size > 0 ? size : null;
        // What all architectures with attention have in common.
        if (Of("n_embd") % (2 * Of("n_head")) is > 0)
            yield return ("sizes.n_embd", $"n_embd {Of("n_embd")} does not divide into {Of("n_head")} heads of even size");
        if (Of("n_head") % Of("n_head_kv") is > 0)
            yield return ("sizes.n_head_kv", $"n_head_kv {Of("n_head_kv")} does not divide n_head {Of("n_head")}");
    }

    private static IEnumerable<(string, string)> OfMetadata(TinyArchitecture architecture)
    {
        foreach (var (i, entry) in architecture.Metadata.Index())
        {
            var key = $"metadata[{i}]";
            if (new object?[] { entry.Number, entry.Real, entry.Flag, entry.Text }.Count(v => v is not null) != 1)
                yield return (key, $"'{entry.Key}' must have one of number, real, flag and text");
            if (entry.Number is { } number && architecture.Size(number) is null)
                yield return ($"{key}.number", Unknown(architecture, number));
            if (entry.Real is { } real && Real(real) is null)
                yield return ($"{key}.real", $"'{real}' is no number");
            if (entry.Key.Length is 0 or > GgufWriter.MaxTensorNameBytes || entry.Key.Any(c => !IsOfKey(c)))
                yield return ($"{key}.key", $"'{entry.Key}' is no key; use a-z, 0-9, '.', '_' and '-'");
        }

        foreach (var twice in architecture.Metadata.GroupBy(e => e.Key, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return ("metadata", $"the key '{twice.Key}' is there twice");
    }

    private static IEnumerable<(string, string)> OfTensors(TinyArchitecture architecture)
    {
        // One size is the row of many tensors; it is named once.
        var rows = new HashSet<string>(StringComparer.Ordinal);
        var values = 0.0;
        foreach (var (key, tensor) in Tensors(architecture))
        {
            var perLayer = key.StartsWith("layer[", StringComparison.Ordinal);
            if (Encoding.UTF8.GetByteCount(tensor.Name) is 0 or > GgufWriter.MaxTensorNameBytes)
                yield return ($"{key}.name", $"'{tensor.Name}' must have 1 to {GgufWriter.MaxTensorNameBytes} bytes");
            if (tensor.Name.Contains("{layer}", StringComparison.Ordinal) != perLayer)
                yield return ($"{key}.name", $"'{tensor.Name}': the tensors of a layer have {{layer}} in their name, and no others");
            if (tensor.Shape.Count is 0 or > 4)
                yield return ($"{key}.shape", $"'{tensor.Name}' must have 1 to 4 sizes");
            foreach (var unknown in tensor.Shape.Where(s => architecture.Size(s) is not > 0 && !architecture.Sizes.ContainsKey(s)))
                yield return ($"{key}.shape", Unknown(architecture, unknown));
            List<int> shape = [.. tensor.Shape.Select(s => architecture.Size(s) ?? 1)];
            if (tensor.IsWeight && shape.Count > 0 && shape[0] % TensorEncoding.Q8BlockValues != 0 && rows.Add(tensor.Shape[0]))
                yield return ($"{key}.shape", $"{tensor.Shape[0]} {shape[0]} is no multiple of {TensorEncoding.Q8BlockValues}");
            if (tensor.Values == TinyValues.Logits && tensor.Shape is not [_, TinyArchitecture.Vocabulary])
                yield return ($"{key}.shape", $"'{tensor.Name}' must have a row for each token: [n, {TinyArchitecture.Vocabulary}]");
            values +=
                shape.Aggregate(1.0, (product, size) => product * size) * (perLayer ? architecture.Size(TinyArchitecture.Layers) ?? 1 : 1);
        }

        if (values > MostValues)
            yield return ("sizes", $"the tensors have {values:0} values; a test model has at most {MostValues}");
        foreach (var twice in Tensors(architecture).GroupBy(t => t.Tensor.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return (twice.Last().Key, $"the tensor '{twice.Key}' is there twice");
    }

    private static IEnumerable<(string Key, TinyTensor Tensor)> Tensors(TinyArchitecture architecture) =>
        architecture
            .First.Select((t, i) => ($"first[{i}]", t))
            .Concat(architecture.Layer.Select((t, i) => ($"layer[{i}]", t)))
            .Concat(architecture.Last.Select((t, i) => ($"last[{i}]", t)));

    private static string Unknown(TinyArchitecture architecture, string name) =>
        $"unknown size '{name}'; known: {string.Join(", ", architecture.Sizes.Keys)}, {TinyArchitecture.Vocabulary}";

    private static bool IsOfKey(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-';
}
