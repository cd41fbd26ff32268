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
    public static int BlockValues(GgufTensorType type) => Kind(type).BlockValues;

    /// <summary>Bytes that <paramref name="count"/> values take; count is a multiple of the type's block.</summary>
    public static long ByteCount(GgufTensorType type, long count) => count / Kind(type).BlockValues * Kind(type).BlockBytes;

    /// <summary>Encodes little-endian; f32, f16 and q8_0 the way ggml's reference quantizer does.</summary>
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
            case GgufTensorType.Q8:
                EncodeBlocks(type, values, bytes, EncodeQ8Block);
                break;
            case GgufTensorType.K4:
                EncodeBlocks(type, values, bytes, KBlocks.Encode4);
                break;
            default:
                EncodeBlocks(type, values, bytes, KBlocks.Encode6);
                break;
        }

        return bytes;
    }

    private delegate void BlockEncoder(ReadOnlySpan<float> values, Span<byte> block);

    private static GgmlType Kind(GgufTensorType type) =>
        Enum.IsDefined(type)
            ? GgmlType.Of((uint)type)!
            : throw new ArgumentOutOfRangeException(nameof(type), type, "Not a tensor type that this writer knows.");

    private static void EncodeBlocks(GgufTensorType type, ReadOnlySpan<float> values, Span<byte> bytes, BlockEncoder encode)
    {
        var kind = Kind(type);
        for (var block = 0; block < values.Length / kind.BlockValues; block++)
        {
            encode(values.Slice(block * kind.BlockValues, kind.BlockValues), bytes.Slice(block * kind.BlockBytes, kind.BlockBytes));
        }
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
