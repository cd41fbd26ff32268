using System.Buffers.Binary;

namespace Gfxbake.Formats.Gguf;

/// <summary>Turns float values into the bytes of a ggml tensor type.</summary>
public static class TensorEncoding
{
    /// <summary>Values in a Q8_0 block.</summary>
    public const int Q8BlockValues = 32;

    /// <summary>Bytes of a Q8_0 block: a half-precision scale, then one byte a value.</summary>
    public const int Q8BlockBytes = 2 + Q8BlockValues;

    /// <summary>Values that are stored together; the first size of a tensor's shape is a multiple of it.</summary>
    public static int BlockValues(GgufTensorType type) => type == GgufTensorType.Q8 ? Q8BlockValues : 1;

    /// <summary>Bytes that <paramref name="count"/> values take; count is a multiple of the type's block.</summary>
    public static long ByteCount(GgufTensorType type, long count) =>
        type switch
        {
            GgufTensorType.F32 => count * sizeof(float),
            GgufTensorType.F16 => count * 2,
            GgufTensorType.Q8 => count / Q8BlockValues * Q8BlockBytes,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a tensor type that this writer knows."),
        };

    /// <summary>Encodes little-endian, the way ggml's reference quantizer does.</summary>
    public static byte[] Encode(GgufTensorType type, ReadOnlySpan<float> values)
    {
        var bytes = new byte[ByteCount(type, values.Length)];
        switch (type)
        {
            case GgufTensorType.F32:
                for (var i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);

                break;
            case GgufTensorType.F16:
                for (var i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * 2), (Half)values[i]);

                break;
            default:
                for (var block = 0; block < values.Length / Q8BlockValues; block++)
                    EncodeQ8Block(values.Slice(block * Q8BlockValues, Q8BlockValues), bytes.AsSpan(block * Q8BlockBytes, Q8BlockBytes));

                break;
        }

        return bytes;
    }

    private static void EncodeQ8Block(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = MathF.Max(largest, MathF.Abs(value));

        var scale = largest / 127f;
        var inverse = scale == 0f ? 0f : 1f / scale;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        for (var i = 0; i < values.Length; i++)
            block[2 + i] = unchecked((byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero));
    }
}
