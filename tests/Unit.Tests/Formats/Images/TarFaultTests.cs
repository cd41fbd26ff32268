using System.Text;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using NUnit.Framework.Constraints;

namespace Gfxbake.Unit.Tests.Formats.Images;

public class TarFaultTests
{
    [Test]
    public void An_export_cut_anywhere_is_an_error()
    {
        var tar = Sample().ToArray();
        for (var length = 0; length < tar.Length; length += 512)
        {
            Assert.That(() => TarBuilder.Open(tar[..length]).Dispose(), Fails("truncated"), $"cut at {length}");
            Assert.That(() => TarBuilder.Open(tar[..(length + 100)]).Dispose(), Fails("truncated"), $"cut at {length + 100}");
        }
    }

    [Test]
    public void Every_flipped_bit_of_a_header_is_noticed()
    {
        var tar = new TarBuilder().File("name", "content").ToArray();
        using var file = Overwritten();
        for (var bit = 0; bit < 512 * 8; bit++)
        {
            var flipped = (byte[])tar.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            RandomAccess.Write(file.SafeFileHandle, flipped, 0);
            // In the checksum itself a zero may turn into a space, which says the same.
            if (bit / 8 is < 148 or > 155)
                Assert.That(() => ImageFileSystem.Open(file.Name).Dispose(), Throws.InstanceOf<ImageFormatException>(), $"bit {bit}");
        }
    }

    [TestCase("..")]
    [TestCase("../etc/passwd")]
    [TestCase("a/../b")]
    [TestCase("a/..")]
    public void Names_that_climb_are_refused(string name)
    {
        Assert.That(() => new TarBuilder().File(name).Open(), Fails("'..'"));
        Assert.That(() => new TarBuilder().Pax("path", name).File("x").Open(), Fails("'..'"));
        Assert.That(() => new TarBuilder().HardLink("x", name).Open(), Fails("'..'"));
    }

    private static readonly TestCaseData[] Refused =
    [
        Case("a NUL in a PAX path", new TarBuilder().Pax("path", "a\0b").File("x"), "NUL"),
        Case("a NUL in a GNU name", new TarBuilder().Metadata('L', "a\0b"u8.ToArray()).File("x"), "NUL"),
        Case("no name", new TarBuilder().File(""), "empty"),
        Case("a link to nothing", new TarBuilder().Link("a", ""), "empty"),
        Case("a path over PATH_MAX", new TarBuilder().Pax("path", new string('a', 5000)).File("x"), "4096"),
        Case("a name in Latin 1", new TarBuilder().Entry('0', "", change: block => block[0] = 0xe9), "UTF-8"),
        Case("a huge size", new TarBuilder().Entry('0', "a", change: block => "77777777777"u8.CopyTo(block.AsSpan(124))), "truncated"),
        Case(
            "a huge size in base 256",
            new TarBuilder().Entry(
                '0',
                "a",
                change: block => new byte[] { 0x80, 0, 0, 0, 0x7f, 255, 255, 255, 255, 255, 255, 255 }.CopyTo(block, 124)
            ),
            "truncated"
        ),
        Case(
            "a size over 64 bits",
            new TarBuilder().Entry('0', "a", change: block => new byte[] { 0x80, 0, 0, 1 }.CopyTo(block, 124)),
            "size"
        ),
        Case(
            "a negative size",
            new TarBuilder().Entry('0', "a", change: block => Enumerable.Repeat((byte)0xff, 12).ToArray().CopyTo(block, 124)),
            "size"
        ),
        Case("a negative PAX size", new TarBuilder().Pax("size", "-1").File("a"), "negative"),
        Case("a huge PAX size", new TarBuilder().Pax("size", "9223372036854775807").File("a"), "truncated"),
        Case("a PAX size that is no number", new TarBuilder().Pax("size", "1x").File("a"), "size"),
        Case("a uid beyond 31 bits", new TarBuilder().Pax("uid", "4294967295").File("a"), "uid"),
        Case("a negative gid", new TarBuilder().Pax("gid", "-5").File("a"), "gid"),
        Case("letters for octal digits", new TarBuilder().Entry('0', "a", change: block => block[100] = (byte)'x'), "mode"),
        Case("a directory with content", new TarBuilder().Entry('5', "a", content: [1]), "content"),
        Case("a hard link with content", new TarBuilder().File("b").Entry('1', "a", "b", content: [1]), "content"),
        Case("an unknown type", new TarBuilder().Entry('V', "a"), "0x56"),
        Case("a GNU sparse file", new TarBuilder().Entry('S', "a"), "sparse"),
        Case("a PAX sparse file", new TarBuilder().Pax("GNU.sparse.major", "1").File("a"), "sparse"),
        Case("a hard link to nothing", new TarBuilder().HardLink("a", "b").File("b"), "hard link"),
        Case("a hard link to itself", new TarBuilder().File("a").HardLink("a", "a"), "hard link"),
        Case("a hard link to a directory", new TarBuilder().Directory("d").HardLink("a", "d"), "hard link"),
        Case("a file below a file", new TarBuilder().File("a").File("a/b"), "below"),
        Case("a file below a link", new TarBuilder().Directory("d").Link("a", "d").File("a/b"), "below"),
        Case("a root that is a file", new TarBuilder().File("."), "root"),
        Case("two PAX headers", new TarBuilder().Pax("uid", "1").Pax("uid", "2").File("a"), "two headers"),
        Case("two GNU names", new TarBuilder().Metadata('L', "a"u8.ToArray()).Metadata('L', "b"u8.ToArray()).File("a"), "two headers"),
        Case("a PAX header at the end", new TarBuilder().Pax("uid", "1"), "ends after"),
        Case("a global path", new TarBuilder().Metadata('g', TarBuilder.Records(("path", "x"u8.ToArray()))).File("a"), "global"),
        Case("a PAX header over 1 MiB", new TarBuilder().Pax("comment", new string('c', 1 << 20)).File("a"), "1048576"),
        Case("a PAX record longer than its header", new TarBuilder().Metadata('x', "99 a=b\n"u8.ToArray()).File("a"), "length"),
        Case("a PAX record of length 0", new TarBuilder().Metadata('x', "0 a=b\n"u8.ToArray()).File("a"), "length"),
        Case("a PAX record with a huge length", new TarBuilder().Metadata('x', "4294967297 a=b\n"u8.ToArray()).File("a"), "length"),
        Case("a PAX record without newline", new TarBuilder().Metadata('x', "6 a=bc"u8.ToArray()).File("a"), "length"),
        Case("a PAX record without key", new TarBuilder().Metadata('x', "5 =b\n"u8.ToArray()).File("a"), "key"),
        Case("a PAX record without '='", new TarBuilder().Metadata('x', "5 ab\n"u8.ToArray()).File("a"), "key"),
        Case("an attribute without name", new TarBuilder().Pax("SCHILY.xattr.", "x").File("a"), "attribute"),
        Case("a lone zero block", new TarBuilder().File("a").Raw(new byte[512]).File("b"), "lone"),
        Case(
            "a device number out of range",
            new TarBuilder().Entry('3', "a", change: block => new byte[] { 0x80, 0, 0, 1, 0, 0, 0, 0 }.CopyTo(block, 329)),
            "device"
        ),
        Case(
            "thousands of missing parents",
            new TarBuilder()
                .Pax("path", Deep('a'))
                .File("x")
                .Pax("path", Deep('b'))
                .File("x")
                .Pax("path", Deep('c'))
                .File("x")
                .Pax("path", Deep('d'))
                .File("x")
                .Pax("path", Deep('e'))
                .File("x")
                .Pax("path", Deep('f'))
                .File("x"),
            "directories"
        ),
        Case("something else than a tar", new TarBuilder().Raw(Encoding.ASCII.GetBytes(new string('#', 4096))), "no tar"),
    ];

    [TestCaseSource(nameof(Refused))]
    public void A_wrong_archive_is_refused(object builder, string word)
    {
        Assert.That(() => ((TarBuilder)builder).Open(), Fails(word));
    }

    [Test]
    public void An_error_says_where_and_what_next()
    {
        var tar = new TarBuilder().File("a", "content");
        var offset = tar.Length;

        Assert.That(
            () => tar.File("../b").Open(),
            Throws
                .InstanceOf<ImageFormatException>()
                .With.Property(nameof(ImageFormatException.Offset))
                .EqualTo(offset)
                .And.Message.Matches($"gfxbake-test-.*\\.tar: byte {offset}: the name '../b' holds '..'\\. No container engine")
        );
    }

    [Test]
    public void A_missing_export_is_the_systems_error()
    {
        Assert.That(() => ImageFileSystem.Open("/nonexistent/export.tar"), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void Mutated_headers_are_read_or_refused_and_nothing_else()
    {
        var sample = Sample().ToArray();
        var (read, refused) = (0, 0);
        using var file = Overwritten();
        var rounds = Rounds.Run(random =>
        {
            RandomAccess.Write(file.SafeFileHandle, Mutate(sample, random), 0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var image = ImageFileSystem.Open(file.Name);
                Check(image);
                read++;
            }
            catch (ImageFormatException e)
            {
                Assert.That(e.Offset, Is.InRange(0, sample.Length));
                refused++;
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 << 20));
        });

        if (!Rounds.AreMany)
            return;
        Assert.That(read, Is.GreaterThan(rounds / 10));
        Assert.That(refused, Is.GreaterThan(rounds / 10));
    }

    /// <summary>One file that is written over: making one for each round takes a minute on a busy disk.</summary>
    private static FileStream Overwritten() =>
        new(
            Path.Combine(Path.GetTempPath(), $"gfxbake-test-{Guid.NewGuid():N}.tar"),
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.ReadWrite,
            1,
            FileOptions.DeleteOnClose
        );

    private static byte[] Mutate(byte[] sample, Random random)
    {
        var tar = (byte[])sample.Clone();
        var blocks = Enumerable.Range(0, tar.Length / 512).ToArray();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var start = 512 * random.GetItems(blocks, 1)[0];
            var block = tar.AsSpan(start, 512).ToArray();
            var isHeader = block.AsSpan(257, 5).SequenceEqual("ustar"u8);
            for (var bytes = random.Next(1, 4); bytes > 0; bytes--)
            {
                // Fields that steer the reader are changed more often than the middle of a name.
                var at = random.Next(3) == 0 ? random.Next(512) : random.Next(100, 160);
                block[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"0123457LKxg\xff\x80"[random.Next(13)];
            }

            if (isHeader)
                TarBuilder.Seal(block);

            block.CopyTo(tar, start);
        }

        return tar;
    }

    private static void Check(ImageFileSystem image)
    {
        foreach (var entry in image.Entries)
        {
            Assert.That(entry.Path, Does.Match("^/").And.Not.Match("(^|/)\\.\\.(/|$)"));
            image.Resolve(entry.Path);
            if (entry.Kind is EntryKind.File or EntryKind.HardLink)
            {
                using var stream = image.OpenFile(entry);
                stream.CopyTo(Stream.Null);
            }
        }
    }

    private static TarBuilder Sample() =>
        new TarBuilder()
            .Directory("./")
            .Directory("etc")
            .File("etc/passwd", "root:x:0:0")
            .HardLink("etc/passwd-", "etc/passwd")
            .Pax(("SCHILY.xattr.security.capability", [1, 0, 10, 255]), ("mtime", "1700000000.5"u8.ToArray()))
            .File("ping", new string('p', 700))
            .Metadata('L', Encoding.ASCII.GetBytes(new string('l', 150) + "\0"))
            .File("l", "long")
            .Link("lib", "usr/lib")
            .Entry('3', "null", major: 1, minor: 3)
            .Metadata('g', TarBuilder.Records(("comment", "g"u8.ToArray())))
            .File("z");

    private static string Deep(char name) => string.Join('/', Enumerable.Repeat(name, 2048));

    private static TestCaseData Case(string name, TarBuilder tar, string word) => new TestCaseData(tar, word).SetArgDisplayNames(name);

    private static ContainsConstraint Fails(string word) => Throws.InstanceOf<ImageFormatException>().With.Message.Contains(word);
}
