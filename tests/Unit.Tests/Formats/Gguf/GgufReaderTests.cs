using System.Buffers.Binary;
using System.Text;
using Gfxbake.Formats.Gguf;

namespace Gfxbake.Unit.Tests.Formats.Gguf;

public sealed class GgufReaderTests
{
    [Test]
    public void Metadata_and_tensors_are_read()
    {
        var header = Read(Sample());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(header.Metadata["general.architecture"].Text, Is.EqualTo("llama"));
            Assert.That(header.Metadata["llama.block_count"].Number, Is.EqualTo(2));
            Assert.That(header.Metadata["llama.causal"].Number, Is.EqualTo(1));
            Assert.That(header.Metadata["llama.epsilon"], Is.EqualTo(new GgufValue(1)));
            Assert.That(header.Metadata["llama.heads"].Numbers, Is.EqualTo(new[] { 4, -1 }));
            Assert.That(header.Metadata["tokens"], Is.EqualTo(new GgufValue(3)));
            Assert.That(
                header.Tensors.Select(t => (t.Name, t.Type.Name, t.Bytes)),
                Is.EqualTo(new[] { ("a", "q8_0", 136L), ("b", "f16", 12L) })
            );
            Assert.That(header.Tensors[0].Shape, Is.EqualTo(new[] { 64, 2 }));
            Assert.That(header.DataStart % 32, Is.Zero);
        }
    }

    [Test]
    public void Long_lists_are_counted_and_not_kept()
    {
        var header = Read(Written(new GgufWriter().Add("many", new int[5000]).Add("after", 7u)));

        Assert.That(header.Metadata["many"], Is.EqualTo(new GgufValue(5000)));
        Assert.That(header.Metadata["after"].Number, Is.EqualTo(7));
    }

    [Test]
    public void Version_2_is_read()
    {
        var bytes = Sample();
        bytes[4] = 2;

        Assert.That(Read(bytes).Tensors, Has.Count.EqualTo(2));
    }

    // Value types: 0 to 7 and 10 to 12; of the same eight bytes each takes what is its own.
    [TestCase(0u, 1, 0xf1L)]
    [TestCase(1u, 1, -15L)]
    [TestCase(2u, 2, 0xf2f1L)]
    [TestCase(3u, 2, -3343L)]
    [TestCase(4u, 4, 0x00f3f2f1L)]
    [TestCase(5u, 4, 0x00f3f2f1L)]
    [TestCase(6u, 4, null)]
    [TestCase(10u, 8, 0x00f3f2f1L)]
    [TestCase(11u, 8, 0x00f3f2f1L)]
    [TestCase(12u, 8, null)]
    public void Every_type_of_number_has_its_size(uint type, int size, long? value)
    {
        byte[] number = [0xf1, 0xf2, 0xf3, 0, 0, 0, 0, 0];
        var bytes = Bytes(0, 2, Key("a"), UInt32(type), number[..size], Key("b"), UInt32(4), UInt32(9));

        var metadata = Read(bytes).Metadata;

        Assert.That(metadata["a"].Number, Is.EqualTo(value));
        Assert.That(metadata["b"].Number, Is.EqualTo(9));
    }

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("it is no GGUF file: it does not start with GGUF", []);
        yield return Case("it is no GGUF file: it does not start with GGUF", "ELF and more"u8.ToArray());
        yield return Case("its version is 1; GGUF of version 2 and 3 with the lowest byte first can be read", [.. "GGUF"u8, .. UInt32(1)]);
        yield return Case("its numbers start with the highest byte; GGUF of version 2 and 3", [.. "GGUF"u8, .. UInt32(3 << 24)]);
        yield return Case("it is cut off: 8 more bytes are needed and 0 are there (at byte 8)", [.. "GGUF"u8, .. UInt32(3)]);
        yield return Case("it has 18446744073709551615 tensors; 65536 at most are read", Bytes(ulong.MaxValue, 0));
        yield return Case("60000 tensors do not fit into the 8 bytes that are left: it is cut off or broken", Bytes(60_000, 0));
        yield return Case("it has 16385 keys; 16384 at most are read", Bytes(0, 16_385));
        yield return Case("16384 keys do not fit into the 0 bytes that are left", Bytes(0, 16_384));
        yield return Case("bytes of a text do not fit into the 6 bytes that are left", Bytes(0, 1, UInt64(ulong.MaxValue), new byte[6]));
        yield return Case("a key has no name, or a very long one", Bytes(0, 1, UInt64(0), new byte[6]));
        yield return Case("a key has no name, or a very long one", Bytes(0, 1, Key(new string('k', 5000)), UInt32(4), UInt32(0)));
        yield return Case("the key 'a' is there twice", Bytes(0, 2, Key("a"), UInt32(4), UInt32(0), Key("a"), UInt32(4), UInt32(0)));
        yield return Case("a value is of the unknown type 13", Bytes(0, 1, Key("a"), UInt32(13), UInt32(0)));
        yield return Case("a flag is 2; it can be 0 or 1", Bytes(0, 1, Key("a"), UInt32(7), [2]));
        yield return Case("a list lies inside a list", Bytes(0, 1, Key("a"), UInt32(9), UInt32(9), UInt64(1)));
        yield return Case(
            "values of a list do not fit into the 3 bytes",
            Bytes(0, 1, Key("a"), UInt32(9), UInt32(4), UInt64(1), new byte[3])
        );
        yield return Case("values of a list; 16777216 at most are read", Bytes(0, 1, Key("a"), UInt32(9), UInt32(0), UInt64(1 << 25)));
        yield return Case(
            "general.alignment is 24; it can be a power of two",
            Bytes(0, 1, Key("general.alignment"), UInt32(4), UInt32(24))
        );
        yield return Case("general.alignment is 0", Bytes(0, 1, Key("general.alignment"), UInt32(4), UInt32(0)));
        yield return Case("the tensor 't' has 0 dimensions; 1 to 4 are possible", Tensor([]));
        yield return Case("the tensor 't' has 5 dimensions", Tensor([1, 1, 1, 1, 1]));
        yield return Case("the tensor 't' has a size of 0", Tensor([4, 0]));
        yield return Case("the tensor 't' has a size of 4294967296", Tensor([1UL << 32, 1UL << 32]));
        yield return Case("the tensor 't' has a size of 18446744073709551615", Tensor([ulong.MaxValue]));
        yield return Case("the tensor 't' is of the unknown type 31", Tensor([4], type: 31));
        yield return Case("the tensor 't': 33 is no multiple of 32, the block of q8_0", Tensor([33], type: 8));
        yield return Case("the tensor 't' starts at 8, which is no multiple of 32", Tensor([4], offset: 8));
        yield return Case("the tensor 't' starts at 18446744073709551584, which", Tensor([4], offset: ulong.MaxValue - 31));
        yield return Case("it is cut off: the tensor 't' needs 4000 bytes of data and 1 are there", Tensor([1000]));
        yield return Case("the tensor 't\\x1b[2J' is of the unknown type", Tensor([4], type: 99, name: "t\u001b[2J"));
    }

    [TestCaseSource(nameof(Broken))]
    public void Broken_file_is_refused(string message, byte[] bytes) =>
        Assert.That(() => Read(bytes), Throws.TypeOf<GgufFormatException>().With.Message.Contains(message));

    [Test]
    public void File_that_is_cut_off_anywhere_is_refused()
    {
        var whole = Sample();

        // Behind the last tensor stand zeros up to the next multiple of 32.
        for (var length = 0; length < whole.Length - 20; length++)
            Assert.That(() => Read(whole[..length]), Throws.TypeOf<GgufFormatException>(), $"{length} bytes");
    }

    [Test]
    public void Any_bytes_are_read_or_refused_and_take_little_memory()
    {
        var whole = Sample();
        var refused = 0;

        var rounds = Rounds.Run(random =>
        {
            var bytes = Mutated(whole, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Read(bytes);
            }
            catch (GgufFormatException)
            {
                refused++;
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100_000));
        });

        if (Rounds.AreMany)
            Assert.That(refused, Is.InRange(rounds / 4, rounds - 1), "some are still whole, and many are not");
    }

    /// <summary>Bytes, numbers of 32 and 64 bits, and pieces that are gone or there twice.</summary>
    internal static byte[] Mutated(byte[] whole, Random random)
    {
        var bytes = whole.ToArray();
        ulong[] numbers = [0, 1, 0xff, 0x7fffffff, 0xffffffff, 1UL << 32, 1UL << 62, long.MaxValue, ulong.MaxValue, (ulong)random.Next(64)];
        for (var i = random.Next(1, 4); i > 0 && bytes.Length > 16; i--)
        {
            var at = random.Next(bytes.Length - 8);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)numbers[random.Next(numbers.Length)]);
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), numbers[random.Next(numbers.Length)]);
                    break;
                case 3:
                    bytes = bytes[..at];
                    break;
                default:
                    var end = random.Next(at, bytes.Length);
                    bytes = random.Next(2) == 0 ? [.. bytes[..at], .. bytes[end..]] : [.. bytes[..end], .. bytes[at..]];
                    break;
            }
        }

        return bytes;
    }

    private static byte[] Sample() =>
        Written(
            new GgufWriter()
                .Add("general.architecture", "llama")
                .Add("llama.block_count", 2u)
                .Add("llama.causal", true)
                .Add("llama.epsilon", 1e-5f)
                .Add("llama.heads", [4, -1])
                .Add("tokens", ["<s>", "a", ""])
                .Add("scores", [1f, 2f])
                .Add(new GgufTensor("a", GgufTensorType.Q8, [64, 2], () => new float[128]))
                .Add(new GgufTensor("b", GgufTensorType.F16, [2, 3], () => new float[6]))
        );

    private static TestCaseData Case(string message, byte[] bytes) => new TestCaseData(message, bytes).SetArgDisplayNames(message);

    private static GgufHeader Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return GgufReader.Read(stream);
    }

    private static byte[] Written(GgufWriter writer)
    {
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }

    private static byte[] Tensor(ulong[] shape, uint type = 0, ulong offset = 0, string name = "t") =>
        Bytes(1, 0, Key(name), UInt32((uint)shape.Length), [.. shape.SelectMany(UInt64)], UInt32(type), UInt64(offset), new byte[8]);

    private static byte[] Bytes(ulong tensors, ulong keys, params byte[][] parts) =>
        [.. "GGUF"u8, .. UInt32(3), .. UInt64(tensors), .. UInt64(keys), .. parts.SelectMany(p => p)];

    private static byte[] Key(string text) => [.. UInt64((ulong)text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] UInt32(uint value) => BitConverter.GetBytes(value);

    private static byte[] UInt64(ulong value) => BitConverter.GetBytes(value);
}
