using System.Diagnostics;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

/// <summary>Small files that claim or unpack to much.</summary>
public sealed class OffloadLimitTests
{
    [Test]
    public void Bundle_that_unpacks_to_thousands_of_times_its_size_takes_little_memory()
    {
        byte[] file = new FatLibraryBuilder { Bundles = [Bomb.Of(256 << 20)] };
        Assert.That(file, Has.Length.LessThan(100_000));

        Assert.That(Allocated(() => Offloading.Plan(file, "gfx1151")), Is.LessThan(2_000_000));
        var plan = Offloading.Plan(file, "gfx1151")!;
        Assert.That(
            Allocated(() =>
                Assert.That(() => Offloading.Write(file, plan), Throws.TypeOf<OffloadFormatException>().With.Message.Contains("hash"))
            ),
            Is.LessThan(4_000_000)
        );
    }

    [Test]
    public void Bundle_of_which_too_much_would_stay_is_refused_before_it_is_unpacked()
    {
        // Only the table is there: the 8 GiB are a claim.
        byte[] file = new FatLibraryBuilder { Bundles = [Claim(8L << 30)] };
        var clock = Stopwatch.StartNew();

        Assert.That(
            () => Offloading.Plan(file, "gfx1100"),
            Throws
                .TypeOf<OffloadRefusedException>()
                .With.Message.Match(
                    "^the code that stays of the bundle at 0x[0-9a-f]+ has 8,589,938,688 bytes; at most 1,073,741,824 are packed at a time$"
                )
        );
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Claim_of_sixteen_gigabytes_costs_nothing()
    {
        byte[] file = new FatLibraryBuilder { Bundles = [Claim((16L << 30) - 8192)] };
        var plan = Offloading.Plan(file, "gfx1151")!;
        var clock = Stopwatch.StartNew();

        Assert.That(
            () => Offloading.Write(file, plan),
            Throws.TypeOf<OffloadFormatException>().With.Message.Contains("a bundle is shorter than it claims")
        );
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Names_that_many_sections_share_take_little_memory()
    {
        // 65,000 sections, each of them named by the same megabyte.
        const int Sections = 65_000;
        byte[] library = new FatLibraryBuilder();
        var table = library.AsSpan((int)library.Get(40), library[60] * 64).ToArray();
        var file = new byte[library.Length + (Sections * 64) + (1 << 20)];
        library.CopyTo(file, 0);
        file.AsSpan(library.Length).Fill((byte)'x');
        for (var i = 0; i < Sections; i++)
            table.AsSpan(0, 64).CopyTo(file.AsSpan(library.Length + (i * 64)));
        table.CopyTo(file, library.Length);
        var names = library.Length + (library[62] * 64);
        file.Put(names + 24, (ulong)(library.Length + (Sections * 64)));
        file.Put(names + 32, 1 << 20);
        file.Put(40, (ulong)library.Length);
        BitConverter.TryWriteBytes(file.AsSpan(60), (ushort)Sections);

        Assert.That(Allocated(() => Assert.That(Offloading.TryRead(file), Is.Null)), Is.LessThan(200_000_000));
    }

    [Test]
    public void Long_table_of_maps_is_read_in_a_moment()
    {
        // Two megabytes of maps of which each bit is set, beginning with the first wrapper.
        var file = new FatLibraryBuilder { Pointers = Pointers.Relr, Bundles = [BundleBuilder.For(2 << 20, "gfx1100")] }
            .Build()
            .With(f =>
            {
                var code = new LoadedLibrary(f).FindSection(".hip_fatbin");
                var first = f.Get(new LoadedLibrary(f).FindSection(".relr.dyn").Offset);
                f.AsSpan(code.Offset + 4096, 2 << 20).Fill(0xff);
                f.Put(code.Offset + 4096, first);
                for (var at = new LoadedLibrary(f).FindSection(".dynamic").Offset; f.Get(at) != 0; at += 16)
                {
                    if (f.Get(at) == 36)
                        f.Put(at + 8, code.Address + 4096);
                    if (f.Get(at) == 35)
                        f.Put(at + 8, 2 << 20);
                }
            });
        var clock = Stopwatch.StartNew();

        Assert.That(Allocated(() => Assert.That(Offloading.Read(file).Wrappers, Has.Count.EqualTo(1))), Is.LessThan(10_000_000));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Segment_at_the_end_of_the_address_space_is_an_ELF_error() =>
        Assert.That(
            () => Offloading.TryRead(new FatLibraryBuilder().Build().With(f => f.Put(f.ProgramRow(1, 3) + 40, ulong.MaxValue))),
            Throws.TypeOf<ElfFormatException>()
        );

    private static BundleBuilder Claim(long bytes)
    {
        var plain = BundleBuilder.For(100, "gfx1151", "gfx1100");
        var start = plain.Plain().With(p => p.Put(plain.RowOf(2) + 8, (ulong)bytes));
        var data = BundleBuilder.Compress(start, BundleMethod.Zstd);
        return plain with
        {
            Edit = _ =>
                [
                    .. "CCOB"u8,
                    3,
                    0,
                    1,
                    0,
                    .. BitConverter.GetBytes(32L + data.Length),
                    .. BitConverter.GetBytes(bytes + 8192),
                    .. new byte[8],
                    .. data,
                ],
        };
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
