using Gfxbake.Formats.Text;

namespace Gfxbake.Formats.Gguf;

/// <summary>Reads what stands before the data of a GGUF file of version 2 or 3.</summary>
/// <remarks>
/// Format: docs/gguf.md of ggml. Files come from strangers: every count is held against the bytes that are left before anything is
/// made for it, and a tensor must lie inside the file.
/// </remarks>
public static class GgufReader
{
    /// <summary>llama.cpp writes one number a layer, and has at most 512 layers.</summary>
    private const int MostKept = 4096;

    // Real files have some dozens of keys, some thousands of tensors and lists of some hundred thousand tokens.
    private const long MostKeys = 1 << 14;
    private const long MostTensors = 1 << 16;
    private const long MostValues = 1 << 24;

    private const int LeastKey = 8 + 1 + 4 + 1;
    private const int LeastTensor = 8 + 1 + 4 + 8 + 4 + 8;
    private const int MostDimensions = 4;
    private const long DefaultAlignment = 32;
    private const long LargestAlignment = 1 << 20;
    private const string AlignmentKey = "general.alignment";

    private const uint TextType = 8;
    private const uint ListType = 9;

    /// <summary>Reads a stream that can seek, from its start; nothing of the data is read.</summary>
    /// <exception cref="GgufFormatException">It is no GGUF file, or a broken one.</exception>
    public static GgufHeader Read(Stream stream)
    {
        stream.Position = 0;
        var bytes = new GgufBytes(stream, stream.Length);
        // "GGUF" as a number that starts with its lowest byte.
        if (bytes.Left < 4 || bytes.UInt32() != 0x46554747)
            throw new GgufFormatException("it is no GGUF file: it does not start with GGUF");
        var version = bytes.UInt32();
        if (version is not (2 or 3))
        {
            var other = (version & 0xffff) == 0 ? "its numbers start with the highest byte" : $"its version is {version}";
            throw new GgufFormatException($"{other}; GGUF of version 2 and 3 with the lowest byte first can be read");
        }

        var tensors = bytes.Count("tensors", LeastTensor, MostTensors);
        var keys = bytes.Count("keys", LeastKey, MostKeys);
        var metadata = new Dictionary<string, GgufValue>(StringComparer.Ordinal);
        for (var i = 0L; i < keys; i++)
        {
            var key = bytes.Text();
            if (string.IsNullOrEmpty(key))
                throw bytes.Broken("a key has no name, or a very long one");
            if (!metadata.TryAdd(key, Value(bytes, bytes.UInt32())))
                throw bytes.Broken($"the key '{Shown(key)}' is there twice");
        }

        return Tensors(bytes, tensors, metadata);
    }

    private static GgufHeader Tensors(GgufBytes bytes, long count, Dictionary<string, GgufValue> metadata)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tensors = new List<GgufTensorInfo>();
        var furthest = (End: 0L, Name: "");
        var alignment = Alignment(bytes, metadata);
        for (var i = 0L; i < count; i++)
        {
            var tensor = Tensor(bytes);
            if (!names.Add(tensor.Name))
                throw bytes.Broken($"the tensor '{Shown(tensor.Name)}' is there twice");
            tensors.Add(tensor);
            var offset = bytes.UInt64();
            if (offset > long.MaxValue / 2 || (long)offset % alignment != 0)
                throw bytes.Broken($"the tensor '{Shown(tensor.Name)}' starts at {offset}, which is no multiple of {alignment}");
            // Bytes is less than half of a long too, see Tensor.
            if ((long)offset + tensor.Bytes > furthest.End)
                furthest = ((long)offset + tensor.Bytes, tensor.Name);
        }

        var start = (bytes.Position + alignment - 1) / alignment * alignment;
        var there = Math.Max(0, bytes.Position + bytes.Left - start);
        if (furthest.End > there)
        {
            throw new GgufFormatException(
                $"it is cut off: the tensor '{Shown(furthest.Name)}' needs {furthest.End} bytes of data and {there} are there"
            );
        }

        return new GgufHeader(metadata, tensors, start);
    }

    /// <summary>A tensor without where it starts.</summary>
    private static GgufTensorInfo Tensor(GgufBytes bytes)
    {
        var name = bytes.Text();
        if (string.IsNullOrEmpty(name))
            throw bytes.Broken("a tensor has no name, or a very long one");
        var dimensions = bytes.UInt32();
        if (dimensions is 0 or > MostDimensions)
            throw bytes.Broken($"the tensor '{Shown(name)}' has {dimensions} dimensions; 1 to {MostDimensions} are possible");
        var shape = new long[dimensions];
        var values = 1L;
        for (var d = 0; d < shape.Length; d++)
        {
            var size = bytes.UInt64();
            // A block has at most 292 bytes for its values.
            if (size == 0 || size > (ulong)(long.MaxValue / 1024 / values))
                throw bytes.Broken($"the tensor '{Shown(name)}' has a size of {size}");
            shape[d] = (long)size;
            values *= shape[d];
        }

        var number = bytes.UInt32();
        var type = GgmlType.Of(number) ?? throw bytes.Broken($"the tensor '{Shown(name)}' is of the unknown type {number}");
        return shape[0] % type.BlockValues == 0
            ? new GgufTensorInfo(name, shape, type, type.BytesOf(values))
            : throw bytes.Broken($"the tensor '{Shown(name)}': {shape[0]} is no multiple of {type.BlockValues}, the block of {type.Name}");
    }

    private static long Alignment(GgufBytes bytes, Dictionary<string, GgufValue> metadata)
    {
        if (!metadata.TryGetValue(AlignmentKey, out var value))
            return DefaultAlignment;
        return value.Number is { } number and > 0 and <= LargestAlignment && (number & (number - 1)) == 0
            ? number
            : throw bytes.Broken($"{AlignmentKey} is {value.Number}; it can be a power of two up to {LargestAlignment}");
    }

    private static GgufValue Value(GgufBytes bytes, uint type) =>
        type switch
        {
            TextType => new GgufValue(1) { Text = bytes.Text() },
            ListType => ValueList(bytes),
            _ => new GgufValue(1) { Number = Number(bytes, type) },
        };

    private static GgufValue ValueList(GgufBytes bytes)
    {
        var type = bytes.UInt32();
        // ggml reads none either.
        if (type == ListType)
            throw bytes.Broken("a list lies inside a list");
        var size = type == TextType ? 8 : SizeOf(bytes, type);
        var count = bytes.Count("values of a list", size, MostValues);
        if (type == TextType)
        {
            for (var i = 0L; i < count; i++)
                bytes.Skip(bytes.Count("bytes of a text", 1));
            return new GgufValue(count);
        }

        if (count > MostKept)
        {
            bytes.Skip(count * size);
            return new GgufValue(count);
        }

        var numbers = new List<long>();
        for (var i = 0L; i < count; i++)
        {
            if (Number(bytes, type) is { } number)
                numbers.Add(number);
        }

        return new GgufValue(count) { Numbers = numbers.Count == count ? numbers : null };
    }

    /// <summary>A whole number or a flag; null for any other number.</summary>
    private static long? Number(GgufBytes bytes, uint type)
    {
        switch (type)
        {
            case 0:
                return bytes.UInt8();
            case 1:
                return (sbyte)bytes.UInt8();
            case 2:
                return bytes.UInt16();
            case 3:
                return (short)bytes.UInt16();
            case 4:
                return bytes.UInt32();
            case 5:
                return (int)bytes.UInt32();
            case 7:
                var flag = bytes.UInt8();
                return flag <= 1 ? flag : throw bytes.Broken($"a flag is {flag}; it can be 0 or 1");
            case 10:
                var large = bytes.UInt64();
                return large <= long.MaxValue ? (long)large : null;
            case 11:
                return (long)bytes.UInt64();
            default:
                bytes.Skip(Fitting(bytes, SizeOf(bytes, type)));
                return null;
        }
    }

    private static int Fitting(GgufBytes bytes, int size) =>
        size <= bytes.Left ? size : throw bytes.Broken($"it is cut off: {size} more bytes are needed and {bytes.Left} are there");

    private static int SizeOf(GgufBytes bytes, uint type) =>
        type switch
        {
            0 or 1 or 7 => 1,
            2 or 3 => 2,
            4 or 5 or 6 => 4,
            10 or 11 or 12 => 8,
            _ => throw bytes.Broken($"a value is of the unknown type {type}"),
        };

    /// <summary>A name out of a file, short and without what moves a terminal's cursor.</summary>
    private static string Shown(string name)
    {
        var plain = PlainText.Visible(name);
        return plain.Length <= 64 ? plain : plain[..64] + "…";
    }
}
