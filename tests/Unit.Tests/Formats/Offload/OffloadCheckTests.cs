using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class OffloadCheckTests
{
    private byte[] old = [];
    private byte[] written = [];
    private OffloadRewrite rewrite = null!;
    private OffloadResult result = null!;

    [SetUp]
    public void Write()
    {
        old = new FatLibraryBuilder { Bundles = OffloadWriterTests.BundlesOf("mixed") };
        rewrite = Offloading.Plan(old, "gfx1151")!;
        (written, result) = Offloading.Write(old, rewrite);
        Offloading.Verify(old, rewrite, written, result);
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        static int At(byte[] f, string section) => new LoadedLibrary(f).FindSection(section).Offset;
        static int Rela(byte[] f, int index) => At(f, ".rela.dyn") + 48 + 16 + (index * 24);
        yield return Fault(
            "byte_of_a_plain_object",
            "a code object is not the one that was read",
            f => f[At(f, ".hip_fatbin") + 4096 + 1000] ^= 1
        );
        yield return Fault("byte_of_a_compressed_object", "", f => f[Compressed(f) + 32 + 1500] ^= 1);
        yield return Fault(
            "hash_of_a_compressed_bundle",
            "the hash of a compressed bundle is not that of its content",
            f => f[Compressed(f) + 24] ^= 1
        );
        yield return Fault(
            "id_of_a_bundle",
            "the table of a bundle is not the one that was written",
            f => f[At(f, ".hip_fatbin") + 32 + 24 + 30 + 24 + 31] ^= 1
        );
        yield return Fault("byte_of_rodata", "a byte outside the GPU code changed", f => f[At(f, ".rodata") + 77] ^= 1);
        yield return Fault("byte_of_text", "a byte outside the GPU code changed", f => f[At(f, ".text")] ^= 1);
        yield return Fault("byte_of_the_tail", "a byte outside the GPU code changed", f => f[At(f, ".eh_frame_hdr")] ^= 1);
        yield return Fault("last_byte_of_the_file_s_data", "a byte outside the GPU code changed", f => f[At(f, ".comment") + 5] ^= 1);
        yield return Fault("byte_of_the_ELF_header", "a byte outside the GPU code changed", f => f[24] ^= 1);
        yield return Fault("relocation_s_address_of_another_word", "a byte outside the GPU code changed", f => f[At(f, ".rela.dyn")] ^= 1);
        yield return Fault(
            "swapped_pointers",
            "a wrapper points to another place than was written",
            f =>
            {
                var (a, b) = (f.Get(Rela(f, 0)), f.Get(Rela(f, 1)));
                f.Put(Rela(f, 0), b);
                f.Put(Rela(f, 1), a);
            }
        );
        yield return Fault(
            "pointer_of_two_wrappers_to_one_bundle",
            "a wrapper points to another place than was written",
            f => f.Put(Rela(f, 0), f.Get(Rela(f, 1)))
        );
        yield return Fault(
            "offset_of_the_tail_s_PT_LOAD",
            "comes to another address",
            f => f.Put(f.ProgramRow(1, 2) + 8, f.Get(f.ProgramRow(1, 2) + 8) - 4096)
        );
        yield return Fault(
            "offset_of_the_text_s_PT_LOAD",
            "comes to another address",
            f => f.Put(f.ProgramRow(1, 3) + 8, f.Get(f.ProgramRow(1, 3) + 8) - 4096)
        );
        yield return Fault("file_size_of_the_data_s_PT_LOAD", "comes to another address", f => f.Put(f.ProgramRow(1, 3) + 32, 16));
        yield return Fault(
            "memory_of_the_data_s_PT_LOAD",
            "a program header",
            f => f.Put(f.ProgramRow(1, 4) + 40, f.Get(f.ProgramRow(1, 4) + 32))
        );
        yield return Fault(
            "memory_between_the_halves",
            "a program header",
            f => f.Put(f.ProgramRow(1, 1) + 40, f.Get(f.ProgramRow(1, 1) + 32))
        );
        yield return Fault("flags_of_a_PT_LOAD", "a program header", f => f[f.ProgramRow(1, 4) + 4] = 4);
        yield return Fault(
            "offset_of_the_dynamic_table_s_section",
            "a section header",
            f => f.Put(f.SectionRow(".comment") + 24, f.Get(f.SectionRow(".comment") + 24) - 4096)
        );
        yield return Fault(
            "no_code",
            "the rewritten file failed its check: it has no GPU code",
            f => f.Put(f.SectionRow(".hip_fatbin") + 32, 0)
        );
    }

    [TestCaseSource(nameof(Faults))]
    public void Fault_of_a_rewritten_file_is_noticed(string message, Action<byte[]> damage) =>
        Assert.That(
            () => Offloading.Verify(old, rewrite, written.With(damage), result),
            Throws.TypeOf<OffloadFormatException>().With.Message.Contains(message)
        );

    [Test]
    public void File_that_is_longer_or_shorter_is_noticed()
    {
        Assert.That(() => Offloading.Verify(old, rewrite, [.. written, 0], result), Throws.TypeOf<OffloadFormatException>());
        Assert.That(() => Offloading.Verify(old, rewrite, written[..^1], result), Throws.TypeOf<OffloadFormatException>());
    }

    [Test]
    public void Every_byte_outside_the_tables_and_gaps_counts()
    {
        var unnoticed = 0;
        var found = Offloading.Read(written);
        var rounds = Rounds.Run(random =>
        {
            var at = random.Next(written.Length);
            try
            {
                Offloading.Verify(old, rewrite, written.With(f => f[at] ^= (byte)(1 << random.Next(8))), result);
                unnoticed++;
                Assert.That(MayDiffer(found, at), Is.True, $"byte 0x{at:x}");
            }
            catch (OffloadFormatException) { }
        });

        if (Rounds.AreMany)
            Assert.That(unnoticed, Is.LessThan(rounds / 3));
    }

    [Test]
    public void Writing_stops_when_it_is_cancelled([Values(0, 3, 6, 12)] int opens, [Values("plain", "v3 zstd")] string bundles)
    {
        byte[] file = new FatLibraryBuilder
        {
            Bundles =
            [
                .. OffloadWriterTests.BundlesOf(bundles),
                .. OffloadWriterTests.BundlesOf("v1 zlib"),
                .. OffloadWriterTests.BundlesOf("v2 zstd"),
                .. OffloadWriterTests.BundlesOf("v2 zstd"),
                .. OffloadWriterTests.BundlesOf("v2 zlib"),
            ],
        };
        using var stop = new CancellationTokenSource();
        var opened = 0;
        Stream Open()
        {
            if (Interlocked.Increment(ref opened) > opens)
                stop.Cancel();
            return new MemoryStream(file, writable: false);
        }

        Assert.That(
            () => OffloadWriter.Write(Open, Offloading.Plan(file, "gfx1151")!, new MemoryStream(), null, stop.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }

    [Test]
    public void Check_stops_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.That(() => Offloading.Verify(old, rewrite, written, result, stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Skipping_through_unwanted_code_stops_when_it_is_cancelled()
    {
        byte[] file = new FatLibraryBuilder
        {
            Bundles =
            [
                new BundleBuilder
                {
                    Version = 3,
                    Entries =
                    [
                        (BundleBuilder.Amd + "gfx1151", [1]),
                        (BundleBuilder.Amd + "gfx1100", BundleBuilder.Code("x", 1 << 20, compressible: false)),
                    ],
                    Edit = b => b.With(f => f[24] ^= 1),
                },
            ],
        };
        var plan = Offloading.Plan(file, "gfx1151")!;
        using var stop = new CancellationTokenSource();

        // The hash is wrong, which would be found at the bundle's end.
        Assert.That(
            () => OffloadWriter.Write(() => new StoppingStream(file, stop), plan, new MemoryStream(), null, stop.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }

    // In-place words that relocations overwrite, header fields that nothing reads, and what lies between bundles.
    private static bool MayDiffer(FatBinary file, int at)
    {
        var layout = file.Layout;
        bool In(long start, long length) => at >= start && at < start + length;
        return In(32, 16)
            || In(56, 2)
            || In((long)layout.ProgramTableOffset, layout.ProgramHeaders.Count * 56)
            || In((long)layout.SectionTableOffset, layout.SectionHeaders.Count * 64)
            || file.Wrappers.Any(w => In(w.PointerOffset, 8))
            || In((long)file.Section.Offset, (long)file.Section.Length)
            || In((long)(file.Section.Offset + file.Section.Length), 4096);
    }

    private static int Compressed(byte[] file) => (int)Offloading.Read(file).Bundles.First(b => b.Compression is { Version: 3 }).Offset;

    private static TestCaseData Fault(string name, string message, Action<byte[]> damage) =>
        new TestCaseData(message, damage).SetArgDisplayNames(name);

    /// <summary>Cancels when two thirds are read.</summary>
    private sealed class StoppingStream(byte[] bytes, CancellationTokenSource stop) : MemoryStream(bytes, writable: false)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            if (Position > Length * 2 / 3)
                stop.Cancel();
            return base.Read(buffer, offset, count);
        }
    }
}
