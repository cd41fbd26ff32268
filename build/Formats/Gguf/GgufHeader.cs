namespace Gfxbake.Formats.Gguf;

/// <summary>What stands before the data of a GGUF file.</summary>
/// <param name="Metadata">Values by key.</param>
/// <param name="Tensors">In the order of the file.</param>
/// <param name="DataStart">Where the data of the tensors starts, in bytes.</param>
public sealed record GgufHeader(IReadOnlyDictionary<string, GgufValue> Metadata, IReadOnlyList<GgufTensorInfo> Tensors, long DataStart);

/// <summary>A value of the metadata, as far as it is kept: long texts and long lists are counted, not kept.</summary>
/// <param name="Count">How many values a list has; 1 for anything else.</param>
public sealed record GgufValue(long Count)
{
    /// <summary>A whole number; a flag is 0 or 1. None for a number that needs all 64 bits.</summary>
    public long? Number { get; init; }

    public string? Text { get; init; }

    /// <summary>A list of whole numbers or flags.</summary>
    public IReadOnlyList<long>? Numbers { get; init; }
}

/// <summary>A tensor that a file has, its sizes with the fastest running one first, and the bytes that its values take.</summary>
public sealed record GgufTensorInfo(string Name, IReadOnlyList<long> Shape, GgmlType Type, long Bytes);
