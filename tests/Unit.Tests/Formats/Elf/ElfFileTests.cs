using System.Buffers.Binary;
using Gfxbake.Formats.Elf;

namespace Gfxbake.Unit.Tests.Formats.Elf;

public sealed class ElfFileTests
{
    [Test]
    public void Reader_gives_what_the_loader_reads()
    {
        var elf = Read(
            new ElfBuilder
            {
                Interpreter = "/lib64/ld-linux-x86-64.so.2",
                Needed = ["libc.so.6", "libm.so.6"],
                SoName = "libself.so.1",
                RPath = "/opt/a",
                RunPath = "$ORIGIN/../lib:/opt/b",
                Flags1 = 0x800,
            }
        );

        Assert.Multiple(() =>
        {
            Assert.That(elf.IsForeign, Is.False);
            Assert.That(elf.Interpreter, Is.EqualTo("/lib64/ld-linux-x86-64.so.2"));
            Assert.That(elf.Needed, Is.EqualTo(new[] { "libc.so.6", "libm.so.6" }));
            Assert.That(elf.SoName, Is.EqualTo("libself.so.1"));
            Assert.That(elf.RPath, Is.EqualTo("/opt/a"));
            Assert.That(elf.RunPath, Is.EqualTo("$ORIGIN/../lib:/opt/b"));
            Assert.That(elf.NoDefaultLibraries, Is.True);
        });
    }

    [Test]
    public void Static_program_needs_nothing()
    {
        var elf = Read(new ElfBuilder { ReadOnlyData = "x\0"u8.ToArray() });

        Assert.That((elf.Needed.Count, elf.Interpreter, elf.SoName), Is.EqualTo((0, (string?)null, (string?)null)));
    }

    [TestCase(1, 1, 3, 32, TestName = "i386_library_is_foreign")]
    [TestCase(2, 1, 224, 64, TestName = "AMD_GPU_code_object_is_foreign")]
    [TestCase(2, 2, 22, 64, TestName = "Big_endian_program_is_foreign")]
    public void Foreign(int elfClass, int byteOrder, int machine, int bits)
    {
        var elf = Read(
            new ElfBuilder
            {
                Class = (byte)elfClass,
                ByteOrder = (byte)byteOrder,
                Machine = (ushort)machine,
                Needed = ["libx.so"],
            }
        );

        Assert.That((elf.IsForeign, elf.Bits, (int)elf.Machine, elf.Needed.Count), Is.EqualTo((true, bits, machine, 0)));
    }

    [TestCase("")]
    [TestCase("\u007fEL")]
    [TestCase("#!/bin/sh\n")]
    public void Other_files_are_no_ELF(string content) =>
        Assert.That(ElfFile.TryRead(new MemoryStream(System.Text.Encoding.Latin1.GetBytes(content))), Is.Null);

    [Test]
    public void Read_refuses_other_files() =>
        Assert.That(() => ElfFile.Read(new MemoryStream([1, 2, 3, 4, 5])), Throws.TypeOf<ElfFormatException>());

    [Test]
    public void Truncated_header_is_an_error_with_its_offset()
    {
        var bytes = new ElfBuilder { Needed = ["libc.so.6"] }.Build()[..40];

        Assert.That(
            () => Read(bytes),
            Throws
                .TypeOf<ElfFormatException>()
                .With.Property(nameof(ElfFormatException.Offset))
                .EqualTo(0)
                .And.Message.Contains("outside the file of 40 bytes")
        );
    }

    [Test]
    public void String_index_outside_the_table_is_an_error_that_names_its_entry()
    {
        byte[] bytes = new ElfBuilder { Needed = ["libc.so.6"] };
        var entry = IndexOfDynamic(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(entry + 8), 5000);

        Assert.That(
            () => Read(bytes),
            Throws
                .TypeOf<ElfFormatException>()
                .With.Property(nameof(ElfFormatException.Offset))
                .EqualTo(entry)
                .And.Property(nameof(ElfFormatException.Value))
                .EqualTo(5000UL)
        );
    }

    [Test]
    public void Size_beyond_the_file_is_refused_before_memory_is_taken()
    {
        byte[] bytes = new ElfBuilder { Needed = ["libc.so.6"] };
        // p_filesz of the first program header, PT_DYNAMIC.
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(64 + 32), 1UL << 40);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(() => Read(bytes), Throws.TypeOf<ElfFormatException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void Dynamic_table_of_megabytes_is_refused()
    {
        byte[] bytes = new ElfBuilder { Needed = ["libc.so.6"], FatBinary = new byte[3 << 20] };
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(64 + 32), 2 << 20);

        Assert.That(() => Read(bytes), Throws.TypeOf<ElfFormatException>().With.Message.Contains("sensible"));
    }

    [Test]
    public void Mutated_files_are_read_or_refused_and_nothing_else()
    {
        byte[] original = new ElfBuilder
        {
            Interpreter = "/lib64/ld.so",
            Needed = ["libc.so.6", "libm.so.6"],
            SoName = "libself.so.1",
            RunPath = "/opt/b",
            DlopenNote = """[{"soname":["libnote.so.1"]}]""",
            ReadOnlyData = "\0libdata.so.2\0"u8.ToArray(),
        };
        var refused = 0;
        var rounds = Rounds.Run(random =>
        {
            var bytes = Mutate(original, random);
            try
            {
                var elf = ElfFile.TryRead(new MemoryStream(bytes));
                refused += elf is null ? 1 : 0;
                _ = elf is null ? [] : ElfLibraryNames.Find(new MemoryStream(bytes), elf);
            }
            catch (ElfFormatException error)
            {
                refused++;
                Assert.That(error.Offset, Is.Not.Negative);
            }
        });

        if (Rounds.AreMany)
            Assert.That(refused, Is.InRange(rounds / 30, rounds - (rounds / 30)));
    }

    [Test]
    public void Real_library_of_the_host_is_read()
    {
        var library = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libcoreclr.so");
        using var stream = File.OpenRead(library);

        var elf = ElfFile.Read(stream);

        Assert.That(elf.SoName, Is.EqualTo("libcoreclr.so"));
        Assert.That(elf.Needed, Does.Contain("libc.so.6").Or.Contain("libc.musl-x86_64.so.1"));
        Assert.That(ElfLibraryNames.Find(stream, elf), Does.Contain("libcoreclrtraceptprovider.so"));
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            // Mostly inside the headers and the dynamic table, where every field counts.
            var at = random.Next(random.Next(4) == 0 ? bytes.Length - 8 : 700);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
                    break;
                default:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)random.Next(bytes.Length * 2));
                    break;
            }
        }

        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static int IndexOfDynamic(byte[] bytes) => (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(64 + 8));

    private static ElfFile Read(byte[] bytes) => ElfFile.Read(new MemoryStream(bytes));
}
