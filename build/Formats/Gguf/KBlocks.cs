using System.Buffers.Binary;

namespace Gfxbake.Formats.Gguf;

/// <summary>Blocks of 256 values, as ggml-common.h of ggml describes them (block_q4_K, block_q6_K).</summary>
/// <remarks>
/// Scales come from the largest values alone, where ggml's quantizer searches for better ones: what a test model's weights are is
/// of no account, as long as both sides read the same.
/// </remarks>
internal static class KBlocks
{
    private const int FourStep = 32;
    private const int SixStep = 16;

    /// <summary>Two half-precision scales, twelve bytes of 6-bit scales and least values, then two values a byte.</summary>
    public static void Encode4(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> ranges = stackalloc float[values.Length / FourStep];
        Span<float> depths = stackalloc float[ranges.Length];
        for (var i = 0; i < ranges.Length; i++)
        {
            var (low, high) = (0f, 0f);
            foreach (var value in values.Slice(i * FourStep, FourStep))
                (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
            (ranges[i], depths[i]) = ((high - low) / 15, -low);
        }

        var scale = WriteHalf(block, Largest(ranges) / 63);
        var depth = WriteHalf(block[2..], Largest(depths) / 63);
        for (var i = 0; i < ranges.Length; i++)
        {
            var (range, low) = (Step(ranges[i], scale, 0, 63), Step(depths[i], depth, 0, 63));
            WriteScales(block[4..16], i, range, low);
            for (var k = 0; k < FourStep; k++)
            {
                var nibble = Step(values[(i * FourStep) + k] + (depth * low), scale * range, 0, 15);
                // Low halves of 32 bytes are one step, high halves the next.
                block[16 + (i / 2 * FourStep) + k] |= (byte)(nibble << (i % 2 * 4));
            }
        }
    }

    /// <summary>Low four bits of each value, high two bits, a byte of scale for each 16, and the half-precision scale of those.</summary>
    public static void Encode6(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> ranges = stackalloc float[values.Length / SixStep];
        for (var i = 0; i < ranges.Length; i++)
        {
            foreach (var value in values.Slice(i * SixStep, SixStep))
                ranges[i] = MathF.Max(ranges[i], MathF.Abs(value) / 31);
        }

        var scale = WriteHalf(block[208..], Largest(ranges) / 127);
        for (var i = 0; i < ranges.Length; i++)
            block[192 + i] = (byte)Step(ranges[i], scale, 0, 127);
        for (var i = 0; i < values.Length; i++)
        {
            var bits = Step(values[i], scale * block[192 + (i / SixStep)], -32, 31) + 32;
            // Each half of the block: 64 bytes of two values 64 apart, and 32 bytes of four values 32 apart.
            var (half, quarter, place) = (i / 128, i % 128 / 32, i % 32);
            block[(half * 64) + (quarter % 2 * 32) + place] |= (byte)((bits & 15) << (quarter / 2 * 4));
            block[128 + (half * 32) + place] |= (byte)(bits >> 4 << (quarter * 2));
        }
    }

    // The first four pairs fill six bits of eight bytes; the others share four bytes and the bits that are left.
    private static void WriteScales(Span<byte> scales, int index, int range, int low)
    {
        if (index < 4)
        {
            scales[index] |= (byte)range;
            scales[index + 4] |= (byte)low;
            return;
        }

        scales[index + 4] = (byte)((range & 15) | ((low & 15) << 4));
        scales[index - 4] |= (byte)(range >> 4 << 6);
        scales[index] |= (byte)(low >> 4 << 6);
    }

    private static int Step(float value, float size, int least, int most) =>
        size == 0 ? 0 : (int)Math.Clamp(MathF.Round(value / size, MidpointRounding.AwayFromZero), least, most);

    private static float WriteHalf(Span<byte> place, float value)
    {
        BinaryPrimitives.WriteHalfLittleEndian(place, (Half)value);
        return (float)(Half)value;
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = MathF.Max(largest, value);
        return largest;
    }
}
