using Gfxbake.Formats.Zstd;

namespace Gfxbake.Unit.Tests.Formats.Zstd;

public sealed class ZstdStreamTests
{
    // printf 'gfxbake gfxbake gfxbake' | zstd -19 --no-check
    private static readonly byte[] Frame = Convert.FromHexString("28b52ffd00687500004067667862616b65200100bbcb05");

    [Test]
    public void Frame_of_the_zstd_program_is_read()
    {
        using var stream = new ZstdReadStream(new MemoryStream([.. Frame, 1, 2, 3]));

        Assert.That(new StreamReader(stream).ReadToEnd(), Is.EqualTo("gfxbake gfxbake gfxbake"));
        Assert.That(stream.Consumed, Is.EqualTo(Frame.Length));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(65536)]
    [TestCase(3000000)]
    public void What_is_written_comes_back(int length)
    {
        foreach (var bytes in new[] { new byte[length], Noise(length) })
        {
            var packed = Pack(bytes);
            using var stream = new ZstdReadStream(new MemoryStream(packed));
            var back = new MemoryStream();

            stream.CopyTo(back, 77777);

            Assert.That(back.ToArray().AsSpan().SequenceEqual(bytes), Is.True);
            Assert.That((stream.Consumed, stream.ReadByte()), Is.EqualTo(((long)packed.Length, -1)));
            Assert.That(Pack(bytes), Is.EqualTo(packed));
        }
    }

    [Test]
    public void Repetition_far_away_is_found_with_long_distance_matching()
    {
        byte[] far = [.. Noise(5_000_000), .. Noise(5_000_000)];

        Assert.That(Pack(far, longDistance: true), Has.Length.LessThan(5_100_000));
        Assert.That(Pack(far, longDistance: false), Has.Length.GreaterThan(9_000_000));
    }

    [Test]
    public void Frame_that_ends_early_or_is_broken_is_an_error()
    {
        var packed = Pack(Noise(1000));
        foreach (var broken in new[] { [], packed[..4], packed[..^1], [.. "not zstd"u8], [.. packed[..4], 0xff, .. packed[5..]] })
        {
            using var stream = new ZstdReadStream(new MemoryStream(broken));
            Assert.That(() => stream.CopyTo(Stream.Null), Throws.TypeOf<CompressionException>().With.Message.StartsWith("zstd: "));
        }
    }

    [Test]
    public void Window_larger_than_128_MiB_is_refused_before_memory_is_taken()
    {
        // The same frame with a window of 2 GiB: no single segment, exponent 21.
        using var stream = new ZstdReadStream(new MemoryStream([0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 1, 0, 0]));

        Assert.That(() => stream.ReadByte(), Throws.TypeOf<CompressionException>());
    }

    [TestCase(99)]
    [TestCase(101)]
    public void Writer_takes_as_many_bytes_as_were_announced(int bytes) =>
        Assert.That(() => Pack(new byte[bytes], announced: 100), Throws.TypeOf<CompressionException>());

    [Test]
    public void Frame_that_was_not_finished_hides_no_other_error() =>
        Assert.That(
            () =>
            {
                using var stream = new ZstdWriteStream(new MemoryStream(), new ZstdEffort(3, LongDistance: true), 100);
                stream.WriteByte(1);
                throw new InvalidDataException();
            },
            Throws.TypeOf<InvalidDataException>()
        );

    [Test]
    public void Streams_that_are_disposed_do_nothing_more()
    {
        var (reader, writer) = (
            new ZstdReadStream(new MemoryStream(Frame)),
            new ZstdWriteStream(new MemoryStream(), new ZstdEffort(3, LongDistance: true), 1)
        );
        reader.Dispose();
        reader.Dispose();
        writer.Dispose();
        writer.Dispose();

        Assert.That(() => reader.ReadByte(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => writer.WriteByte(1), Throws.TypeOf<ObjectDisposedException>());
    }

    private static byte[] Pack(byte[] bytes, bool longDistance = true, int? announced = null)
    {
        var packed = new MemoryStream();
        using var stream = new ZstdWriteStream(packed, new ZstdEffort(3, longDistance), announced ?? bytes.Length);
        stream.Write(bytes);
        stream.Finish();
        return packed.ToArray();
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
