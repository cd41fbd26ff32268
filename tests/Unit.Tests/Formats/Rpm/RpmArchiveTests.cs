using Gfxbake.Formats.Rpm;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Unit.Tests.Formats.Rpm;

public class RpmArchiveTests
{
    // A cpio with ./usr/hello, compressed by xz.
    private const string Packed =
        "/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4AD7AEFdABgN3QRjnHIbdqHAKPF1LqvuwBhGdv8BKkb3pVEhEPof/iMgXBwVvxGF"
        + "HvNcNXXcgwlAczX2b3V0lmMlFwZnbAMAAAAAAC9gbE8AAVn8AQAAANtXrN0+MA2LAgAAAAABWVo=";

    [Test]
    public void Package_compressed_by_xz_gives_its_files()
    {
        using var stream = new MemoryStream(Package("xz", Convert.FromBase64String(Packed)));

        var files = RpmArchive.Open(stream).Files().Select(f => (f.Path, f.Kind, Text: new StreamReader(f.Content).ReadToEnd())).ToList();

        Assert.That(files, Is.EqualTo(new[] { ("./usr/hello", CpioKind.File, "hi\n") }));
    }

    [Test]
    public void Cut_or_damaged_xz_is_an_error()
    {
        var whole = Convert.FromBase64String(Packed);
        Rounds.Run(random =>
        {
            byte[] payload = [.. whole];
            if (random.Next(2) == 0)
                payload = payload[..random.Next(payload.Length)];
            else
                payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
            using var stream = new MemoryStream(Package("xz", payload));
            try
            {
                // What was not needed to reach the last entry may be damaged.
                Assert.That(RpmArchive.Open(stream).Files().Count(), Is.LessThanOrEqualTo(1));
            }
            catch (Exception error) when (error is FormatException or CompressionException) { }
        });
    }

    [Test]
    public void Other_compression_is_refused_by_name()
    {
        using var stream = new MemoryStream(Package("lzma", []));

        Assert.That(() => RpmArchive.Open(stream).Files().Count(), Throws.TypeOf<FormatException>().With.Message.Contains("lzma"));
    }

    [Test]
    public void Files_that_the_archive_only_counts_are_those_of_the_header()
    {
        using var stream = new MemoryStream(Counted((1, "hello"), (4, "there"), (3, "hello"), (0, ""), (2, "")));

        var files = RpmArchive
            .Open(stream)
            .Files()
            .Select(f => (f.Path, f.Kind, f.Links, f.Inode, Text: new StreamReader(f.Content).ReadToEnd()))
            .ToList();

        // 2 and 4 are two names of one file; its last one has the content, whatever the order.
        Assert.That(
            files,
            Is.EqualTo(
                new[]
                {
                    ("./usr/a", CpioKind.File, 1u, 1u, "hello"),
                    ("./usr/d", CpioKind.File, 2u, 2u, "there"),
                    ("./usr/c", CpioKind.Link, 1u, 3u, "hello"),
                    ("./usr", CpioKind.Folder, 1u, 0u, ""),
                    ("./usr/b", CpioKind.File, 2u, 2u, ""),
                }
            )
        );
    }

    [Test]
    public void Package_of_format_6_gives_what_its_header_lists()
    {
        // Made by rpmbuild 6.1 with %_rpmformat 6: a folder, a file with three names, a link, an empty file, a ghost.
        using var stream = File.OpenRead(Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "rpm", "format-6.rpm"));

        var files = RpmArchive
            .Open(stream)
            .Files()
            .Select(f => (f.Path, f.Kind, Convert.ToString(f.Mode, 8), f.Links, Text: new StreamReader(f.Content).ReadToEnd()))
            .ToList();

        Assert.That(
            files,
            Is.EquivalentTo(
                new[]
                {
                    ("./usr/lib64", CpioKind.Folder, "755", 1u, ""),
                    ("./usr/lib64/a", CpioKind.File, "755", 3u, ""),
                    ("./usr/lib64/b", CpioKind.File, "755", 3u, ""),
                    ("./usr/lib64/c", CpioKind.File, "755", 3u, "hello\n"),
                    ("./usr/lib64/empty", CpioKind.File, "644", 1u, ""),
                    ("./usr/lib64/link", CpioKind.Link, "777", 1u, "a"),
                    ("./usr/lib64/other", CpioKind.File, "644", 1u, "other\n"),
                }
            )
        );
    }

    [Test]
    public void File_that_the_header_does_not_list_is_an_error()
    {
        using var stream = new MemoryStream(Counted((5, "")));

        Assert.That(
            () => RpmArchive.Open(stream).Files().Count(),
            Throws.TypeOf<FormatException>().With.Message.EqualTo("it has file 5, and the header lists 5")
        );
    }

    [Test]
    public void Header_whose_lists_do_not_fit_together_is_an_error_only_where_they_are_asked()
    {
        var header = RpmHeaderBuilder.Package("p", ("/usr/a", 0)).Text(1125, "gzip");
        using var counted = new MemoryStream(RpmFile.Of(header, RpmFile.Gzip(RpmFile.Stripped((0, "x")))));
        using var named = new MemoryStream(RpmFile.Of(header, RpmFile.Gzip(RpmFile.Cpio(new RpmItem("./usr/a", "x")))));

        Assert.That(() => RpmArchive.Open(counted).Files().Count(), Throws.TypeOf<FormatException>().With.Message.Contains("not a mode"));
        Assert.That(RpmArchive.Open(named).Files().Count(), Is.EqualTo(1));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void Payload_is_whole_when_it_is_the_one_of_the_header(int flipped, bool whole)
    {
        var bytes = RpmFile.Of("p", new RpmItem("./a", "x"));
        bytes[^9] ^= (byte)flipped;
        using var stream = new MemoryStream(bytes);

        Assert.That(RpmArchive.Open(stream).PayloadIsWhole(), Is.EqualTo(whole));
    }

    [Test]
    public void Damaged_package_gives_an_error_or_files()
    {
        var whole = Counted((1, "hello"), (2, ""), (4, "there"));
        Rounds.Run(random =>
        {
            byte[] bytes = [.. whole];
            for (var i = random.Next(1, 4); i > 0; i--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            using var stream = new MemoryStream(bytes);
            try
            {
                Assert.That(RpmArchive.Open(stream).Files().Count(), Is.LessThanOrEqualTo(3));
            }
            catch (Exception error) when (error is FormatException or InvalidDataException or CompressionException) { }
        });
    }

    private static byte[] Counted(params (int, string)[] entries)
    {
        var header = RpmHeaderBuilder
            .Package("p", ("/usr", 0), ("/usr/a", 0), ("/usr/b", 0), ("/usr/c", 0), ("/usr/d", 0))
            .Text(1125, "gzip")
            .Shorts(1030, 0x41ED, 0x81A4, 0x81A4, 0xA1FF, 0x81A4)
            .Long(5008, 4096, 5, 5, 5, 5)
            .Numbers(1034, 1, 2, 3, 4, 5)
            .Numbers(1095, 1, 1, 1, 1, 1)
            .Numbers(1096, 7, 8, 9, 10, 9);
        return RpmFile.Of(header, RpmFile.Gzip(RpmFile.Stripped(entries)));
    }

    private static byte[] Package(string compressor, byte[] payload) =>
        RpmFile.Of(RpmHeaderBuilder.Package("p").Text(1125, compressor), payload);
}
