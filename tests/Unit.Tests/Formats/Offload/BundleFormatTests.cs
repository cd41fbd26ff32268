using System.Buffers.Binary;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class BundleFormatTests
{
    private static readonly BundleBuilder Two = BundleBuilder.For(3000, "gfx1100", "gfx1151");

    private static IEnumerable<TestCaseData> Tables()
    {
        int first = Two.RowOf(1),
            second = Two.RowOf(2);
        yield return new TestCaseData("a bundle has an unknown magic", (Action<byte[]>)(b => b[23] = (byte)'-')).SetArgDisplayNames(
            "magic"
        );
        foreach (var count in new[] { 0UL, 1025UL, 1UL << 31, uint.MaxValue, 1UL << 63, ulong.MaxValue })
        {
            yield return new TestCaseData(
                $"a bundle claims {count} entries; 1 to 1024 are sensible",
                (Action<byte[]>)(b => b.Put(24, count))
            ).SetArgDisplayNames($"{count} entries");
        }

        foreach (var length in new[] { 0UL, 257UL, ulong.MaxValue })
        {
            yield return new TestCaseData(
                $"the id of a bundle's entry claims {length} bytes",
                (Action<byte[]>)(b => b.Put(first + 16, length))
            ).SetArgDisplayNames($"id of {length}");
        }

        yield return new TestCaseData(
            "holds other characters than printable ASCII",
            (Action<byte[]>)(b => b[first + 30] = 0)
        ).SetArgDisplayNames("NUL in an id");
        yield return new TestCaseData(
            "holds other characters than printable ASCII",
            (Action<byte[]>)(b => b[first + 30] = 0xc3)
        ).SetArgDisplayNames("UTF-8 in an id");
        foreach (var offset in new[] { 1UL << 30, 1UL << 63, ulong.MaxValue })
        {
            yield return new TestCaseData(
                $"claims 3000 bytes from byte {offset} on",
                (Action<byte[]>)(b => b.Put(first, offset))
            ).SetArgDisplayNames($"object at {offset}");
        }

        foreach (var size in new[] { 1UL << 31, 1UL << 63, ulong.MaxValue })
        {
            yield return new TestCaseData(
                $"claims {size} bytes from byte 4096 on",
                (Action<byte[]>)(b => b.Put(first + 8, size))
            ).SetArgDisplayNames($"object of {size}");
        }

        yield return new TestCaseData("lies over another or over the table", (Action<byte[]>)(b => b.Put(first, 40))).SetArgDisplayNames(
            "object over the table"
        );
        yield return new TestCaseData(
            "lies over another or over the table",
            (Action<byte[]>)(b => b.Put(second, 4096 + 2999))
        ).SetArgDisplayNames("object over another");
        yield return new TestCaseData(
            "two entries of the same id",
            (Action<byte[]>)(b => b.AsSpan(first + 24, 32).CopyTo(b.AsSpan(second + 24)))
        ).SetArgDisplayNames("same id twice");
    }

    [TestCaseSource(nameof(Tables))]
    public void Broken_table_is_named(string message, Action<byte[]> damage)
    {
        foreach (var bundle in new[] { Two, Two with { Version = 3 }, Two with { Version = 1, Method = BundleMethod.Zlib } })
        {
            Assert.That(
                () => Read(bundle with { EditPlain = damage }),
                Throws.TypeOf<OffloadFormatException>().With.Message.Contains(message)
            );
        }
    }

    [Test]
    public void Table_beyond_its_bundle_is_broken()
    {
        // The first bundle claims more entries than it has bytes before the second starts.
        var first = new BundleBuilder
        {
            Entries = [(BundleBuilder.Host, [])],
            Edit = b => [.. b[..24], 200, 0, 0, 0, 0, 0, 0, 0, .. b[32..86]],
        };

        Assert.That(() => Read(first, Two), Throws.TypeOf<OffloadFormatException>());
        Assert.That(() => Read(Two with { Version = 3, EditPlain = b => b[24] = 200 }), Throws.TypeOf<OffloadFormatException>());
    }

    [TestCase(4, 0, "has version 0; 1, 2 and 3 are known")]
    [TestCase(4, 4, "has version 4; 1, 2 and 3 are known")]
    [TestCase(5, 1, "has version 259; 1, 2 and 3 are known")]
    [TestCase(6, 2, "has method 2; 0 (zlib) and 1 (zstd) are known")]
    [TestCase(0, 'X', "a bundle has an unknown magic")]
    [TestCase(24, 77, "the hash of a compressed bundle is not that of its content")]
    [TestCase(40, 77, "a compressed bundle")]
    public void Broken_compressed_bundle_is_named(int at, int value, string message) =>
        Assert.That(
            () => Through(Two with { Version = 3, Edit = b => b.With(f => f[at] = (byte)value) }),
            Throws.TypeOf<OffloadFormatException>().With.Message.Contains(message)
        );

    [TestCase(8, 31UL, "claims 31 bytes; it has room for")]
    [TestCase(8, 0UL, "claims 0 bytes; it has room for")]
    [TestCase(8, ulong.MaxValue, "claims 18446744073709551615 bytes; it has room for")]
    [TestCase(16, 31UL, "claims 31 bytes unpacked; 32 to 17179869184 are sensible")]
    [TestCase(16, 1UL << 63, "claims 9223372036854775808 bytes unpacked")]
    [TestCase(16, 1UL << 34, "a bundle is shorter than it claims")]
    [TestCase(16, 100UL, "the bundle has 100")]
    public void Sizes_of_a_compressed_bundle_are_not_believed(int at, ulong value, string message) =>
        Assert.That(
            () => Through(Two with { Version = 3, Edit = b => b.With(f => f.Put(at, value)) }),
            Throws.TypeOf<OffloadFormatException>().With.Message.Contains(message)
        );

    [TestCase(1, "is longer than the 12286 bytes that it claims")]
    [TestCase(2, "is longer than the 12286 bytes that it claims")]
    public void Bundle_that_is_longer_than_its_claim_is_broken(int version, string message)
    {
        // Objects end where they did, but four more bytes come out of the decoder.
        foreach (var method in Enum.GetValues<BundleMethod>())
        {
            var bundle = Two with { Version = version, Method = method, Edit = b => Grow(b, Two.Plain(), version, method) };

            Assert.That(
                () => Through(bundle),
                Throws
                    .TypeOf<OffloadFormatException>()
                    .With.Message.Contains(message.Replace("12286", $"{Two.Plain().Length}", StringComparison.Ordinal))
            );
        }
    }

    [TestCase(1)]
    [TestCase(-1)]
    public void Total_must_be_exact(int error) =>
        Assert.That(
            () =>
                Through(
                    Two with
                    {
                        Version = 2,
                        Edit = b => [.. b.With(f => BinaryPrimitives.WriteInt32LittleEndian(f.AsSpan(8), b.Length + error)), 0, 0, 0],
                    }
                ),
            Throws.TypeOf<OffloadFormatException>()
        );

    [TestCase(5)]
    [TestCase(15)]
    [TestCase(31)]
    [TestCase(40)]
    public void Compressed_bundle_that_ends_early_is_broken(int bytes)
    {
        // Alone in a library without a tail, so that the section ends with it.
        foreach (var version in new[] { 1, 2, 3 })
        {
            Assert.That(
                () => Through(new FatLibraryBuilder { Bundles = [Two with { Version = version, Edit = b => b[..bytes] }], Tail = false }),
                Throws.TypeOf<OffloadFormatException>()
            );
        }
    }

    private static byte[] Grow(byte[] built, byte[] plain, int version, BundleMethod method)
    {
        var header = version == 1 ? 20 : 24;
        var data = BundleBuilder.Compress([.. plain, 1, 2, 3, 4], method);
        byte[] grown = [.. built[..header], .. data];
        if (version > 1)
            BinaryPrimitives.WriteInt32LittleEndian(grown.AsSpan(8), grown.Length);
        return grown;
    }

    private static FatBinary Read(params BundleBuilder[] bundles) => Offloading.Read(new FatLibraryBuilder { Bundles = bundles });

    private static void Through(BundleBuilder bundle) => Through(new FatLibraryBuilder { Bundles = [bundle, Two] });

    private static void Through(byte[] file) => Offloading.Write(file, Offloading.Plan(file, "gfx1151")!);
}
