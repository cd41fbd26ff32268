using System.Globalization;
using System.Text.RegularExpressions;

namespace Gfxbake.Formats.Gguf;

/// <summary>A model's headers: one file, or all parts of a model that was split.</summary>
/// <param name="Metadata">Of the first part; the others repeat next to nothing of it.</param>
/// <param name="Tensors">Of all parts.</param>
/// <param name="Parts">How many files it consists of.</param>
public sealed partial record GgufModel(IReadOnlyDictionary<string, GgufValue> Metadata, IReadOnlyList<GgufTensorInfo> Tensors, int Parts)
{
    private const string NumberKey = "split.no";
    private const string CountKey = "split.count";
    private const string TensorsKey = "split.tensors.count";

    /// <summary>Reads a model by its only file, or by the first of its parts: NAME-00001-of-00003.gguf.</summary>
    /// <exception cref="GgufFormatException">The message starts with the file's name: a broken file, or a part that is missing.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static GgufModel Open(string path)
    {
        var first = Header(path);
        var count = NumberOf(first, CountKey) ?? 1;
        if (count <= 1)
            return new GgufModel(first.Metadata, first.Tensors, 1);
        var name = PartName().Match(Path.GetFileName(path));
        if (!name.Success || name.Groups["count"].Value != Five(count))
            throw Wrong(path, $"it is one of {count} parts; their names must end in -00001-of-{Five(count)}.gguf");
        if (name.Groups["number"].Value != Five(1) || NumberOf(first, NumberKey) is not 0)
            throw Wrong(path, $"it is not the first of {count} parts; name {PartOf(1)}");

        var tensors = new List<GgufTensorInfo>(first.Tensors);
        for (var part = 2L; part <= count; part++)
        {
            var file = Path.Combine(Path.GetDirectoryName(path)!, PartOf(part));
            if (!File.Exists(file))
                throw Wrong(path, $"part {part} of {count} is missing: {PartOf(part)}");
            var header = Header(file);
            if (NumberOf(header, NumberKey) != part - 1 || NumberOf(header, CountKey) != count)
                throw Wrong(file, $"it does not say that it is part {part} of {count}");
            tensors.AddRange(header.Tensors);
        }

        if (NumberOf(first, TensorsKey) is { } all && all != tensors.Count)
            throw Wrong(path, $"its {count} parts have {tensors.Count} tensors and should have {all}");
        return new GgufModel(first.Metadata, tensors, (int)count);

        string PartOf(long part) => $"{name.Groups["name"].Value}-{Five(part)}-of-{Five(count)}.gguf";
    }

    private static GgufHeader Header(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (!stream.CanSeek)
                throw new GgufFormatException("it is no plain file");
            return GgufReader.Read(stream);
        }
        catch (GgufFormatException exception)
        {
            throw Wrong(path, exception.Message);
        }
    }

    private static long? NumberOf(GgufHeader header, string key) => header.Metadata.GetValueOrDefault(key)?.Number;

    private static string Five(long number) => number.ToString("00000", CultureInfo.InvariantCulture);

    private static GgufFormatException Wrong(string path, string problem) => new($"{Path.GetFileName(path)}: {problem}");

    [GeneratedRegex(@"\A(?<name>.+)-(?<number>[0-9]{5})-of-(?<count>[0-9]{5})\.gguf\z")]
    private static partial Regex PartName();
}
