using System.Buffers.Binary;
using Gfxbake.Formats.Gguf;

namespace Gfxbake.Unit.Tests.Formats.Gguf;

public sealed class TensorEncodingTests
{
    [Test]
    public void F32_and_F16_are_little_endian()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TensorEncoding.Encode(GgufTensorType.F32, [1f, -2f]), Is.EqualTo(new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0 }));
            Assert.That(TensorEncoding.Encode(GgufTensorType.F16, [1f, -2f]), Is.EqualTo(new byte[] { 0, 0x3C, 0, 0xC0 }));
        }
    }

    [Test]
    public void Q8_block_is_a_half_scale_followed_by_32_signed_bytes()
    {
        var values = new float[32];
        values[0] = 127f;
        values[1] = -127f;
        values[2] = 1.5f;
        values[3] = -1.5f;
        values[31] = 64f;

        var block = TensorEncoding.Encode(GgufTensorType.Q8, values);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(block, Has.Length.EqualTo(34));
            Assert.That((float)BinaryPrimitives.ReadHalfLittleEndian(block), Is.EqualTo(1f));
            Assert.That(block[2..6].Select(value => (sbyte)value), Is.EqualTo(new sbyte[] { 127, -127, 2, -2 }));
            Assert.That((sbyte)block[33], Is.EqualTo((sbyte)64));
            Assert.That(block[6..33], Is.All.Zero);
        }
    }

    [Test]
    public void Q8_block_of_zeros_is_all_zeros()
    {
        Assert.That(TensorEncoding.Encode(GgufTensorType.Q8, new float[32]), Is.EqualTo(new byte[34]));
    }

    [Test]
    public void Q8_values_come_back_within_half_a_step() =>
        Rounds.Run(
            random =>
            {
                var values = Enumerable.Range(0, 32 * 2).Select(_ => (float)((random.NextDouble() * 8) - 4)).ToArray();

                var bytes = TensorEncoding.Encode(GgufTensorType.Q8, values);

                for (var i = 0; i < values.Length; i++)
                {
                    var block = bytes.AsSpan(i / 32 * 34);
                    var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
                    Assert.That(scale * (sbyte)block[2 + (i % 32)], Is.EqualTo(values[i]).Within(scale * 0.6f), $"value {i}");
                }
            },
            cost: 4
        );

    [TestCase(GgufTensorType.K4)]
    [TestCase(GgufTensorType.K6)]
    public void Blocks_of_256_come_back_as_ggml_reads_them(GgufTensorType type) =>
        Rounds.Run(
            random =>
            {
                // Each run of 32 has its own size, so that its scale must be found.
                var values = Enumerable.Range(0, 512).Select(i => (float)((random.NextDouble() - 0.4) * (1 + (i / 32 % 7)))).ToArray();

                var bytes = TensorEncoding.Encode(type, values);

                for (var i = 0; i < values.Length; i++)
                {
                    var block = bytes.AsSpan(i / 256 * (bytes.Length / 2), bytes.Length / 2);
                    var (value, step) = type == GgufTensorType.K4 ? Q4(block, i % 256) : Q6(block, i % 256);
                    // The scales themselves are rounded: to a part in 63 or 127 of the largest.
                    Assert.That(value, Is.EqualTo(values[i]).Within(type == GgufTensorType.K4 ? 0.35 : 0.15), $"value {i}, step {step}");
                }
            },
            cost: 20
        );

    [TestCase(GgufTensorType.K4, 144)]
    [TestCase(GgufTensorType.K6, 210)]
    public void Block_of_256_zeros_is_read_as_zeros(GgufTensorType type, int bytes)
    {
        var block = TensorEncoding.Encode(type, new float[256]);

        Assert.That(block, Has.Length.EqualTo(bytes));
        for (var i = 0; i < 256; i++)
            Assert.That((type == GgufTensorType.K4 ? Q4(block, i) : Q6(block, i)).Value, Is.Zero);
    }

    [TestCase(GgufTensorType.F32, 64, 256)]
    [TestCase(GgufTensorType.F16, 64, 128)]
    [TestCase(GgufTensorType.Q8, 64, 68)]
    [TestCase(GgufTensorType.K4, 512, 288)]
    [TestCase(GgufTensorType.K6, 512, 420)]
    public void ByteCount_is_what_Encode_makes(GgufTensorType type, int values, int bytes)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TensorEncoding.ByteCount(type, values), Is.EqualTo(bytes));
            Assert.That(TensorEncoding.Encode(type, new float[values]), Has.Length.EqualTo(bytes));
        }
    }

    // dequantize_row_q4_K and get_scale_min_k4 of ggml-quants.c.
    private static (float Value, float Step) Q4(ReadOnlySpan<byte> block, int index)
    {
        var scales = block[4..16];
        var run = index / 32;
        var (size, low) =
            run < 4
                ? (scales[run] & 63, scales[run + 4] & 63)
                : ((scales[run + 4] & 15) | (scales[run - 4] >> 6 << 4), (scales[run + 4] >> 4) | (scales[run] >> 6 << 4));
        var bits = (block[16 + (index / 64 * 32) + (index % 32)] >> (index / 32 % 2 * 4)) & 15;
        var step = (float)BinaryPrimitives.ReadHalfLittleEndian(block) * size;
        return ((step * bits) - ((float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]) * low), step);
    }

    // dequantize_row_q6_K.
    private static (float Value, float Step) Q6(ReadOnlySpan<byte> block, int index)
    {
        var (half, l, quarter) = (index / 128, index % 32, index % 128 / 32);
        var low = block[(half * 64) + l + (quarter is 1 or 3 ? 32 : 0)];
        var high = (block[128 + (half * 32) + l] >> (2 * quarter)) & 3;
        var bits = (quarter < 2 ? low & 15 : low >> 4) | (high << 4);
        var step = (float)BinaryPrimitives.ReadHalfLittleEndian(block[208..]) * (sbyte)block[192 + (half * 8) + (l / 16) + (2 * quarter)];
        return (step * (bits - 32), step);
    }
}
