using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class FatBinaryReaderTests
{
    [Test]
    public void Bundles_are_found_where_the_loader_puts_them([Values] Pointers pointers)
    {
        byte[] file = new FatLibraryBuilder
        {
            Bundles = OffloadWriterTests.BundlesOf("mixed"),
            Wrappers = [5, 0, 2, 2, 1, 3, 4],
            Pointers = pointers,
        };

        var found = Offloading.Read(file);

        Assert.That(found.Wrappers.Select(w => w.Address), Is.EqualTo(new LoadedLibrary(file).Pointers()));
        Assert.That(found.Wrappers.Select(w => w.AddendOffset is null), Is.All.EqualTo(pointers is Pointers.Relr or Pointers.Fixed));
        Assert.That(found.Bundles.Select(b => b.Address), Is.EqualTo(found.Wrappers.Select(w => w.Address).Distinct().Order()));
        Assert.That(found.Bundles.Sum(b => b.Slot), Is.EqualTo(found.Section.Length));
    }

    [Test]
    public void Addend_counts_when_another_word_stands_in_place()
    {
        byte[] file = new FatLibraryBuilder { Pointers = Pointers.RelaOverOther };

        var wrapper = Offloading.Read(file).Wrappers.Single();

        Assert.That(file.Get(wrapper.PointerOffset), Is.EqualTo(0x1234));
        Assert.That(file.Get(wrapper.AddendOffset!.Value), Is.EqualTo(wrapper.Address));
    }

    [Test]
    public void Entries_have_their_ids_places_and_targets()
    {
        var bundle = Offloading
            .Read(new FatLibraryBuilder { Bundles = [BundleBuilder.For(3000, "gfx90a:xnack-", "gfx1100", "amdgcnspirv")] })
            .Bundles.Single();

        Assert.That(
            bundle.Entries.Select(e => (e.Id, e.Offset, e.Size)),
            Is.EqualTo(
                new[]
                {
                    ("host-x86_64-unknown-linux-gnu-", 4096, 0),
                    ("hipv4-amdgcn-amd-amdhsa--gfx90a:xnack-", 4096, 3000),
                    ("hipv4-amdgcn-amd-amdhsa--gfx1100", 8192, 3007),
                    ("hip-spirv64-amd-amdhsa--amdgcnspirv", 12288, 3014L),
                }
            )
        );
        Assert.That(
            bundle.Entries.Select(e => e.Target?.ToString()),
            Is.EqualTo(new[] { null, "gfx90a:xnack-", "gfx1100", "amdgcnspirv" })
        );
    }

    [Test]
    public void Header_of_a_compressed_bundle_is_read([Values(1, 2, 3)] int version, [Values] BundleMethod method)
    {
        var builder = BundleBuilder.For("gfx1100") with { Version = version, Method = method };

        var bundle = Offloading.Read(new FatLibraryBuilder { Bundles = [builder] }).Bundles.Single();

        var header = bundle.Compression!;
        Assert.That((header.Version, header.Method, header.UncompressedBytes), Is.EqualTo((version, method, (long)builder.Plain().Length)));
        Assert.That(header.TotalBytes, Is.EqualTo(version == 1 ? null : builder.Build().Length));
        Assert.That(header.Write(), Is.EqualTo(builder.Build()[..header.HeaderBytes]));
        Assert.That(bundle.Entries.Select(e => e.Id), Is.EqualTo(builder.Entries.Select(e => e.Id)));
    }

    [Test]
    public void Other_files_have_no_GPU_code()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Offloading.TryRead([]), Is.Null);
            Assert.That(Offloading.TryRead("#!/bin/sh\n"u8.ToArray()), Is.Null);
            Assert.That(Offloading.TryRead(new FatLibraryBuilder { CodeSection = ".hip_other" }), Is.Null);
            Assert.That(Offloading.TryRead(new FatLibraryBuilder { Class = 1, Machine = 3 }), Is.Null);
            Assert.That(Offloading.TryRead(new FatLibraryBuilder { Machine = 224 }), Is.Null);
            Assert.That(Offloading.TryRead(new FatLibraryBuilder { Machine = 183 }), Is.Null);
            Assert.That(Offloading.TryRead(new FatLibraryBuilder().Build().With(f => f.Put(f.SectionRow(".hip_fatbin") + 32, 0))), Is.Null);
        });
    }

    // objcopy --only-keep-debug leaves every section's header and takes its bytes.
    [Test]
    public void File_of_debug_information_has_no_GPU_code() =>
        Assert.That(Offloading.TryRead(new FatLibraryBuilder().Build().With(f => f[f.SectionRow(".hip_fatbin") + 4] = 8)), Is.Null);

    [Test]
    public void Library_without_section_headers_has_no_GPU_code_that_can_be_found() =>
        Assert.That(Offloading.TryRead(new FatLibraryBuilder().Build().With(f => Array.Clear(f, 58, 6))), Is.Null);

    [Test]
    public void Library_without_wrappers_has_none()
    {
        var found = Offloading.Read(new FatLibraryBuilder { WrapperSection = ".other" });

        Assert.That((found.Wrappers.Count, found.Bundles.Count), Is.EqualTo((0, 0)));
    }

    private static IEnumerable<TestCaseData> Faults()
    {
        static int Wrapper(byte[] f) => new LoadedLibrary(f).FindSection(".hipFatBinSegment").Offset;
        static int Rela(byte[] f) => new LoadedLibrary(f).FindSection(".rela.dyn").Offset + 48;
        yield return Fault(
            "code_outside_the_file",
            ".hip_fatbin lies outside the file",
            f => f.Put(f.SectionRow(".hip_fatbin") + 32, 1UL << 40)
        );
        yield return Fault(
            "code_far_away",
            ".hip_fatbin lies outside the file",
            f => f.Put(f.SectionRow(".hip_fatbin") + 24, ulong.MaxValue)
        );
        yield return Fault(
            "code_at_another_address",
            "no PT_LOAD brings .hip_fatbin to its address",
            f => f.Put(f.SectionRow(".hip_fatbin") + 16, f.Get(f.SectionRow(".hip_fatbin") + 16) + 4096)
        );
        yield return Fault(
            "code_sections_twice",
            "there are two sections .hip_fatbin",
            f => f[f.SectionRow(".rodata")] = f[f.SectionRow(".hip_fatbin")]
        );
        yield return Fault(
            "wrappers_of_an_odd_length",
            ".hipFatBinSegment has 47 bytes",
            f => f[f.SectionRow(".hipFatBinSegment") + 32] = 47
        );
        yield return Fault(
            "too_many_wrappers",
            ".hipFatBinSegment has 1,610,612,736".Replace(",", "", StringComparison.Ordinal),
            f => f.Put(f.SectionRow(".hipFatBinSegment") + 32, 0x60000000)
        );
        yield return Fault(
            "wrappers_at_another_address",
            "no PT_LOAD brings .hipFatBinSegment to its address",
            f => f.Put(f.SectionRow(".hipFatBinSegment") + 16, 0x100)
        );
        yield return Fault(
            "a_wrapper_of_CUDA",
            "has magic 0x466243b1 and version 1",
            f => BitConverter.TryWriteBytes(f.AsSpan(Wrapper(f)), 0x466243b1)
        );
        yield return Fault("a_wrapper_of_version_2", "has magic 0x48495046 and version 2", f => f[Wrapper(f) + 4] = 2);
        yield return Fault("a_pointer_before_the_code", "points to 0x1000, outside .hip_fatbin", f => f.Put(Rela(f) + 16, 0x1000));
        yield return Fault(
            "a_pointer_behind_the_code",
            "outside .hip_fatbin",
            f => f.Put(Rela(f) + 16, new LoadedLibrary(f).FindSection(".eh_frame_hdr").Address)
        );
        yield return Fault("a_pointer_without_relocation", "no RELATIVE relocation sets the pointer", f => f.Put(Rela(f), 0x8888));
        yield return Fault("a_pointer_to_a_symbol", "a relocation of kind 1 sets a word", f => f[Rela(f) + 8] = 1);
        yield return Fault("a_pointer_between_bundles", "a bundle has an unknown magic", f => f[Rela(f) + 16] = 8);
    }

    [TestCaseSource(nameof(Faults))]
    public void Broken_library_is_told_from_one_without_code(string message, Action<byte[]> damage)
    {
        var file = new FatLibraryBuilder { Bundles = [BundleBuilder.For("gfx1100"), BundleBuilder.For("gfx1100")] }
            .Build()
            .With(damage);

        Assert.That(() => Offloading.TryRead(file), Throws.TypeOf<OffloadFormatException>().With.Message.Contains(message));
    }

    [TestCase(7, 0xffffffffffff, TestName = "Table_of_relocations_at_no_address_is_an_ELF_error")]
    [TestCase(8, 25, TestName = "Half_a_relocation_is_an_ELF_error")]
    [TestCase(8, 24 * 10000000, TestName = "Table_of_relocations_longer_than_the_file_is_an_ELF_error")]
    public void Relocations(int tag, long value)
    {
        var file = new FatLibraryBuilder()
            .Build()
            .With(f =>
            {
                var at = new LoadedLibrary(f).FindSection(".dynamic").Offset;
                while (f.Get(at) != (ulong)tag)
                    at += 16;
                f.Put(at + 8, (ulong)value);
            });

        Assert.That(() => Offloading.TryRead(file), Throws.TypeOf<ElfFormatException>());
    }

    [Test]
    public void Wrappers_that_two_PT_LOADs_bring_from_different_places_are_refused()
    {
        // The second PT_LOAD starts in the middle of a record and comes from elsewhere in the file.
        var file = new FatLibraryBuilder { Notes = 1, Bundles = [BundleBuilder.For("gfx1100"), BundleBuilder.For("gfx1100")] }
            .Build()
            .With(f =>
            {
                var (address, offset, _) = new LoadedLibrary(f).FindSection(".hipFatBinSegment");
                var (note, data) = (f.ProgramRow(4), f.ProgramRow(1, 3));
                var before = address + 28 - f.Get(data + 16);
                f.AsSpan(data, 56).ToArray().CopyTo(f, note);
                f.Put(data + 32, before);
                f.Put(data + 40, before);
                f.Put(note + 8, (ulong)offset - 4096 + 28);
                f.Put(note + 16, address + 28);
                f.Put(note + 32, 4096);
                f.Put(note + 40, 4096);
            });

        Assert.That(
            () => Offloading.TryRead(file),
            Throws.TypeOf<OffloadFormatException>().With.Message.Contains("no PT_LOAD brings .hipFatBinSegment to its address")
        );
    }

    private static TestCaseData Fault(string name, string message, Action<byte[]> damage) =>
        new TestCaseData(message, damage).SetArgDisplayNames(name);
}
