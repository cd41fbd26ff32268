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

    [TestCase(GgufTensorType.F32, 64, 256)]
    [TestCase(GgufTensorType.F16, 64, 128)]
    [TestCase(GgufTensorType.Q8, 64, 68)]
    public void ByteCount_is_what_Encode_makes(GgufTensorType type, int values, int bytes)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TensorEncoding.ByteCount(type, values), Is.EqualTo(bytes));
            Assert.That(TensorEncoding.Encode(type, new float[values]), Has.Length.EqualTo(bytes));
        }
    }
}
