using System.Text;
using Gfxbake.Formats.Elf;

namespace Gfxbake.Unit.Tests.Formats.Elf;

public sealed class ElfLibraryNamesTests
{
    [TestCase("libamd_comgr.so.3", "libamd_comgr.so.3")]
    [TestCase("libfoo.so", "libfoo.so")]
    [TestCase("libelf-0.196.so", "libelf-0.196.so")]
    [TestCase("libstdc++.so.6.0.36", "libstdc++.so.6.0.36")]
    [TestCase("libx.so.old.so.2", "libx.so.old.so.2")]
    [TestCase("%s/libfoo.so.1", "libfoo.so.1")]
    [TestCase("/opt/rocm/lib/libfoo.so.1", "/opt/rocm/lib/libfoo.so.1", "libfoo.so.1")]
    public void Name_is_found(string text, params string[] names) => Assert.That(Find("\0" + text + "\0"), Is.EqualTo(names));

    [TestCase("libfoo.so.")]
    [TestCase("libfoo.so.x")]
    [TestCase("libfoo.sock")]
    [TestCase("libfoo.so is missing")]
    [TestCase("cannot open libfoo.so")]
    [TestCase(".so")]
    [TestCase("libggml-%s.so")]
    [TestCase("libfoo.so\n")]
    public void Other_text_is_no_name(string text) => Assert.That(Find("\0" + text + "\0"), Is.Empty);

    [Test]
    public void First_string_of_a_section_is_found() => Assert.That(Find("libfirst.so\0"), Is.EqualTo(new[] { "libfirst.so" }));

    [Test]
    public void Name_without_an_end_is_no_name() => Assert.That(Find("\0libfoo.so"), Is.Empty);

    [Test]
    public void Names_across_the_seams_of_the_chunks_are_found_once_and_whole()
    {
        // Names without a gap around the seams, which lie a little before every full megabyte.
        var data = new StringBuilder();
        var names = new List<string>();
        for (var megabyte = 1; megabyte <= 3; megabyte++)
        {
            data.Append('\0', (megabyte << 20) - 8000 - data.Length);
            for (var i = 0; i < 600; i++)
            {
                names.Add($"lib{megabyte}x{i:D6}.so.7");
                data.Append(names[^1]).Append('\0');
            }
        }

        names.Sort(StringComparer.Ordinal);
        Assert.That(Find(data.ToString()), Is.EqualTo(names));
    }

    [Test]
    public void Endless_names_are_an_error()
    {
        var data = string.Concat(Enumerable.Range(0, 70_000).Select(i => $"lib{i}.so\0"));

        Assert.That(() => Find(data), Throws.TypeOf<ElfFormatException>().With.Message.Contains("65536"));
    }

    [Test]
    public void GPU_code_and_machine_code_are_not_searched()
    {
        var elf = new ElfBuilder { FatBinary = "\0libfat.so\0"u8.ToArray(), Code = "\0libcode.so\0"u8.ToArray() };

        Assert.That(Find(elf), Is.Empty);
    }

    [Test]
    public void Without_sections_the_data_segments_are_searched()
    {
        var elf = new ElfBuilder
        {
            WithSections = false,
            ReadOnlyData = "\0libdata.so\0"u8.ToArray(),
            Code = "\0libcode.so\0"u8.ToArray(),
        };

        Assert.That(Find(elf), Is.EqualTo(new[] { "libdata.so" }));
    }

    [Test]
    public void Dlopen_notes_give_their_names()
    {
        var elf = new ElfBuilder
        {
            DlopenNote = """[{"feature":"bpf","soname":["libbpf.so.1","libbpf.so.0"],"priority":"suggested"},{"soname":["libz.so.1"]}]""",
        };

        Assert.That(Find(elf), Is.EqualTo(new[] { "libbpf.so.0", "libbpf.so.1", "libz.so.1" }));
    }

    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("""[{"sonames":[]}]""")]
    public void Malformed_dlopen_note_is_an_error(string json) =>
        Assert.That(
            () => Find(new ElfBuilder { DlopenNote = json }),
            Throws.TypeOf<ElfFormatException>().With.Message.Contains("dlopen note")
        );

    [Test]
    public void Foreign_file_has_no_names() =>
        Assert.That(Find(new ElfBuilder { Machine = 224, ReadOnlyData = "\0libdata.so\0"u8.ToArray() }), Is.Empty);

    private static IReadOnlyList<string> Find(string data) => Find(new ElfBuilder { ReadOnlyData = Encoding.Latin1.GetBytes(data) });

    private static IReadOnlyList<string> Find(byte[] bytes) =>
        ElfLibraryNames.Find(new MemoryStream(bytes), ElfFile.Read(new MemoryStream(bytes)));
}
