using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class SegmentSplitTests
{
    private static readonly BundleBuilder[] Bundles = [BundleBuilder.For(9000, "gfx803", "gfx1100", "gfx1151")];

    [TestCase(2, true, 1, TestName = "Note_of_properties_makes_room_when_PT_GNU_PROPERTY_repeats_it")]
    [TestCase(1, true, 0, TestName = "Note_of_properties_makes_room_when_it_is_the_only_one")]
    [TestCase(2, false, 1, TestName = "Last_note_makes_room_when_nothing_repeats_any")]
    [TestCase(1, false, 0, TestName = "Only_note_makes_room")]
    public void Note(int notes, bool property, int left)
    {
        byte[] old = new FatLibraryBuilder
        {
            Bundles = Bundles,
            Notes = notes,
            GnuProperty = property,
        };

        var (before, after) = (ElfLayout.Read(new MemoryStream(old)), ElfLayout.Read(new MemoryStream(Offloading.Rewrite(old, "gfx1151"))));

        Assert.That(after.ProgramHeaders, Has.Count.EqualTo(before.ProgramHeaders.Count));
        Assert.That(after.ProgramHeaders.Count(p => p.Type == ProgramHeader.Note), Is.EqualTo(left));
        Assert.That(after.ProgramHeaders.Count(p => p.Type == ProgramHeader.GnuProperty), Is.EqualTo(property ? 1 : 0));
        Assert.That((after.ProgramTableOffset, after.Loads.Count()), Is.EqualTo((64UL, 5)));
        if (notes == 2 && property)
        {
            Assert.That(
                after.ProgramHeaders.Single(p => p.Type == ProgramHeader.Note),
                Is.EqualTo(before.ProgramHeaders.Last(p => p.Type == ProgramHeader.Note))
            );
        }
    }

    [Test]
    public void Table_moves_behind_the_code_when_no_header_makes_room()
    {
        byte[] old = new FatLibraryBuilder
        {
            Bundles = Bundles,
            Notes = 0,
            TableHeader = false,
        };
        var before = ElfLayout.Read(new MemoryStream(old));

        var written = Offloading.Rewrite(old, "gfx1151");

        var after = ElfLayout.Read(new MemoryStream(written));
        Assert.That(after.ProgramHeaders, Has.Count.EqualTo(before.ProgramHeaders.Count + 1));
        Assert.That(after.ProgramTableOffset % 4096, Is.Zero);
        var code = Offloading.Read(written).Section;
        Assert.That(
            after.OffsetOf(code.Address + (after.ProgramTableOffset - code.Offset)),
            Is.EqualTo((long)after.ProgramTableOffset),
            "it is in memory, as the kernel and glibc want it"
        );
    }

    [Test]
    public void Table_of_a_program_moves_with_the_header_that_describes_it()
    {
        var old = new FatLibraryBuilder { Bundles = Bundles, Notes = 0 }
            .Build()
            .With(f => f.Put(24, 0x1000));

        var after = ElfLayout.Read(new MemoryStream(Offloading.Rewrite(old, "gfx1151")));

        var self = after.ProgramHeaders.Single(p => p.Type == ProgramHeader.Table);
        Assert.That(
            (self.Offset, (long?)self.Offset, self.FileSize),
            Is.EqualTo((after.ProgramTableOffset, after.OffsetOf(self.Address), (ulong)after.ProgramHeaders.Count * 56))
        );
    }

    [Test]
    public void Library_without_a_note_gives_up_the_header_that_describes_the_table()
    {
        byte[] old = new FatLibraryBuilder { Bundles = Bundles, Notes = 0 };

        var after = ElfLayout.Read(new MemoryStream(Offloading.Rewrite(old, "gfx1151")));

        Assert.That(
            (after.ProgramTableOffset, after.Loads.Count(), after.ProgramHeaders.Count(p => p.Type == ProgramHeader.Table)),
            Is.EqualTo((64UL, 5, 0))
        );
    }

    [Test]
    public void Tail_in_the_page_of_the_last_bundle_comes_to_its_address_without_old_code()
    {
        byte[] old = new FatLibraryBuilder { Bundles = Bundles };

        var written = Offloading.Rewrite(old, "gfx1151");

        var (start, _, length) = new LoadedLibrary(old).FindSection(".hip_fatbin");
        var end = (int)start + length;
        Assert.That(end % 4096, Is.Not.Zero);
        Assert.That(new LoadedLibrary(written).Memory[(end / 4096 * 4096)..end], Is.All.Zero);
        OffloadWriterTests.AssertSameProgram(old, written, ["gfx1151"]);
    }

    [Test]
    public void Code_at_the_end_of_its_segment_needs_no_new_header()
    {
        byte[] old = new FatLibraryBuilder
        {
            Bundles = Bundles,
            Tail = false,
            FullPages = true,
            Notes = 1,
        };

        var after = ElfLayout.Read(new MemoryStream(Offloading.Rewrite(old, "gfx1151")));

        Assert.That((after.Loads.Count(), after.ProgramHeaders.Count(p => p.Type == ProgramHeader.Note)), Is.EqualTo((4, 1)));
    }

    [Test]
    public void Memory_behind_the_code_that_no_byte_of_the_file_fills_stays()
    {
        var old = new FatLibraryBuilder
        {
            Bundles = Bundles,
            Tail = false,
            FullPages = true,
        }
            .Build()
            .With(f =>
            {
                // The next PT_LOADs start 0x1000 bytes further on; this one takes 0x800 of them.
                f.Put(f.ProgramRow(1, 1) + 40, f.Get(f.ProgramRow(1, 1) + 32) + 0x800);
            });

        var written = Offloading.Rewrite(old, "gfx1151");

        var (before, after) = (
            ElfLayout.Read(new MemoryStream(old)).Loads.ElementAt(1),
            ElfLayout.Read(new MemoryStream(written)).Loads.ElementAt(1)
        );
        Assert.That((after.Address, after.MemorySize), Is.EqualTo((before.Address, before.MemorySize)));
        OffloadWriterTests.AssertSameProgram(old, written, ["gfx1151"]);
    }

    private static IEnumerable<TestCaseData> Layouts()
    {
        static (ulong Address, int Offset, int Length) Code(byte[] f) => new LoadedLibrary(f).FindSection(".hip_fatbin");
        yield return Layout(
            "note_over_the_code",
            "a program header of type 0x4 lies over .hip_fatbin",
            f => f.Put(f.ProgramRow(4) + 8, (ulong)Code(f).Offset + 50)
        );
        yield return Layout(
            "note_into_the_code",
            "a program header of type 0x4 lies over .hip_fatbin",
            f =>
            {
                f.Put(f.ProgramRow(4) + 8, (ulong)Code(f).Offset - 8);
                f.Put(f.ProgramRow(4) + 32, 9);
            }
        );
        yield return Layout(
            "section_over_the_code",
            "the section .rodata lies over .hip_fatbin",
            f => f.Put(f.SectionRow(".rodata") + 32, 0x4000)
        );
        yield return Layout(
            "endless_section",
            "the section .rodata lies over .hip_fatbin",
            f => f.Put(f.SectionRow(".rodata") + 32, ulong.MaxValue)
        );
        yield return Layout(
            "address_of_a_section_in_the_code",
            "the section .rodata lies over .hip_fatbin",
            f => f.Put(f.SectionRow(".rodata") + 16, Code(f).Address + 64)
        );
        yield return Layout(
            "sections_out_of_order",
            "its PT_LOADs are not sorted by address, or lie over each other",
            f =>
            {
                var (text, data) = (f.AsSpan(f.ProgramRow(1, 2), 56).ToArray(), f.AsSpan(f.ProgramRow(1, 3), 56).ToArray());
                data.CopyTo(f, f.ProgramRow(1, 2));
                text.CopyTo(f, f.ProgramRow(1, 3));
            }
        );
        yield return Layout(
            "segments_over_each_other",
            "its PT_LOADs are not sorted by address, or lie over each other",
            f => f.Put(f.ProgramRow(1, 1) + 40, 0x100000)
        );
        yield return Layout(
            "program_headers_behind_the_code",
            "the program headers do not stand before the GPU code",
            f =>
            {
                f.AsSpan(64, 600).CopyTo(f.AsSpan(Code(f).Offset + Code(f).Length - 700));
                f.Put(32, (ulong)(Code(f).Offset + Code(f).Length - 700));
            }
        );
        yield return Layout(
            "section_headers_in_the_code",
            "the section headers lie over .hip_fatbin",
            f =>
            {
                var to = Code(f).Offset + Code(f).Length - 1200;
                f.AsSpan((int)f.Get(40), f[60] * 64).ToArray().CopyTo(f, to);
                f.Put(40, (ulong)to);
            }
        );
        yield return Layout(
            "relocations_in_the_code",
            "a pointer to the GPU code is patched inside .hip_fatbin",
            f =>
            {
                var (rela, to) = (new LoadedLibrary(f).FindSection(".rela.dyn"), Code(f).Length - 400);
                f.AsSpan(rela.Offset, rela.Length).CopyTo(f.AsSpan(Code(f).Offset + to));
                var at = new LoadedLibrary(f).FindSection(".dynamic").Offset;
                while (f.Get(at) != 7)
                    at += 16;
                f.Put(at + 8, Code(f).Address + (ulong)to);
            }
        );
    }

    [TestCaseSource(nameof(Layouts))]
    public void Layout_that_can_t_be_split_is_refused(string message, Action<byte[]> damage)
    {
        var file = new FatLibraryBuilder { Bundles = Bundles }
            .Build()
            .With(damage);

        Assert.That(() => Offloading.Plan(file, "gfx1151"), Throws.TypeOf<OffloadRefusedException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Code_that_does_not_start_at_a_page_is_refused()
    {
        // Bundle and section start 16 bytes later; nobody looks at the bytes between.
        var file = new FatLibraryBuilder { Bundles = [Bundles[0] with { Edit = b => [.. new byte[16], .. b] }] }
            .Build()
            .With(f =>
            {
                var (row, rela) = (f.SectionRow(".hip_fatbin"), new LoadedLibrary(f).FindSection(".rela.dyn").Offset + 48);
                foreach (var at in new[] { row + 16, row + 24, rela + 16 })
                    f.Put(at, f.Get(at) + 16);
                f.Put(row + 32, f.Get(row + 32) - 16);
            });

        Assert.That(
            () => Offloading.Plan(file, "gfx1151"),
            Throws.TypeOf<OffloadRefusedException>().With.Message.EqualTo(".hip_fatbin does not start at a page")
        );
    }

    private static TestCaseData Layout(string name, string message, Action<byte[]> damage) =>
        new TestCaseData(message, damage).SetArgDisplayNames(name);
}
