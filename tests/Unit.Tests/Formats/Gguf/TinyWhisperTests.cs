using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Gguf;

namespace Gfxbake.Unit.Tests.Formats.Gguf;

public sealed class TinyWhisperTests
{
    // A change here changes every trace and every recorded output: make it on purpose.
    [TestCase(GgufTensorType.F16, "5787d900064fde8986501e44cf2ad35712492002eec671573568484a4c223f79")]
    [TestCase(GgufTensorType.Q8, "934250180e0dc2daa41b024b90b385217a0e81d3acd5b9f7605d92f8e80662c4")]
    public void Model_has_the_same_bytes_everywhere(GgufTensorType type, string sha256) =>
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Bytes(1, type))), Is.EqualTo(sha256));

    [Test]
    public void Another_seed_makes_other_weights_of_the_same_shape()
    {
        var (first, second) = (Bytes(1), Bytes(2));

        Assert.That(second, Has.Length.EqualTo(first.Length).And.Not.EqualTo(first));
    }

    // whisper.cpp reads the file front to back, and refuses a model that has one tensor more or less than its sizes say.
    [TestCase(GgufTensorType.F16)]
    [TestCase(GgufTensorType.Q8)]
    public void File_reads_back_to_its_end_with_each_tensor_once(GgufTensorType type)
    {
        using var reader = new BinaryReader(new MemoryStream(Bytes(1, type)));
        int[] sizes = [.. Enumerable.Range(0, 12).Select(_ => reader.ReadInt32())];
        var filters = reader.ReadInt32() * reader.ReadInt32();
        var sums = Enumerable.Range(0, filters).Sum(_ => reader.ReadSingle());
        string[] words =
        [
            .. Enumerable.Range(0, reader.ReadInt32()).Select(_ => Encoding.ASCII.GetString(reader.ReadBytes(reader.ReadInt32()))),
        ];
        var tensors = ReadTensors(reader);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                sizes,
                Is.EqualTo(new[] { 0x67676d6c, 51864, 256, 128, 2, 2, 64, 128, 2, 2, 80, type == GgufTensorType.Q8 ? 7 : 1 })
            );
            Assert.That(sums, Is.EqualTo(201), "each frequency is in one band");
            Assert.That(words, Does.Contain(" ").And.Contain("z"));
            // Ten beside the blocks' and the last norm of encoder and decoder are part of it; 15 in a block of the encoder, 24 in one of
            // the decoder.
            Assert.That(tensors, Has.Count.EqualTo(11 + (2 * 15) + (2 * 24)));
            Assert.That(tensors["encoder.conv1.bias"], Is.EqualTo((0, "1,128")));
            Assert.That(tensors["decoder.token_embedding.weight"], Is.EqualTo(((int)type, "128,51864")));
            Assert.That(
                tensors,
                Does.Not.ContainKey("encoder.blocks.0.attn.key.bias").And.ContainKey("decoder.blocks.1.cross_attn.key.weight")
            );
        }
    }

    private static Dictionary<string, (int Type, string Shape)> ReadTensors(BinaryReader reader)
    {
        var tensors = new Dictionary<string, (int, string)>();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            var (dimensions, length, type) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            int[] shape = [.. Enumerable.Range(0, dimensions).Select(_ => reader.ReadInt32())];
            tensors.Add(Encoding.ASCII.GetString(reader.ReadBytes(length)), (type, string.Join(',', shape)));
            var count = shape.Aggregate(1L, (product, size) => product * size);
            reader.BaseStream.Position += type switch
            {
                0 => count * 4,
                1 => count * 2,
                _ => count / 32 * 34,
            };
        }

        Assert.That(reader.BaseStream.Position, Is.EqualTo(reader.BaseStream.Length));
        return tensors;
    }

    private static byte[] Bytes(ulong seed, GgufTensorType type = GgufTensorType.F16)
    {
        using var stream = new MemoryStream();
        TinyWhisper.Write(seed, type, stream);
        return stream.ToArray();
    }
}
