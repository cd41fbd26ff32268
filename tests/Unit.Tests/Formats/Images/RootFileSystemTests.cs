using System.Security.Cryptography;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Unit.Tests.Formats.Images;

public class RootFileSystemTests
{
    private const long Epoch = 1_600_000_000;

    [Test]
    public void Writing_twice_gives_the_same_bytes()
    {
        using var image = Sample().Open();
        var shuffled = image.Entries.ToArray();
        new Random(7).Shuffle(shuffled);

        Assert.That(Write(image, shuffled).Tar, Is.EqualTo(Write(image, image.Entries).Tar));
    }

    [Test]
    public void What_was_written_reads_back_as_it_was()
    {
        using var image = Sample().Open();
        using var copy = TarBuilder.Open(Write(image, image.Entries, long.MaxValue).Tar);

        Assert.That(copy.Entries.Select(Describe), Is.EqualTo(image.Entries.Select(Describe)));
        Assert.That(copy.Entries.Select(entry => Content(copy, entry)), Is.EqualTo(image.Entries.Select(entry => Content(image, entry))));
    }

    [Test]
    public void A_copy_of_a_copy_is_the_same_file()
    {
        using var image = Sample().Open();
        var first = Write(image, image.Entries).Tar;
        using var copy = TarBuilder.Open(first);

        Assert.That(Write(copy, copy.Entries).Tar, Is.EqualTo(first));
    }

    [Test]
    public void The_summary_describes_the_tar()
    {
        using var image = new TarBuilder().File("a", "12345").HardLink("b", "a").File("c", "1").Open();
        var (tar, summary) = Write(image, image.Entries);

        Assert.That(summary, Is.EqualTo(new RootFileSystemSummary(tar.Length, Convert.ToHexStringLower(SHA256.HashData(tar)), 4, 6)));
        Assert.That(tar[^1024..], Is.All.Zero);
    }

    [TestCase(1_500_000_000, 1_500_000_000)]
    [TestCase(1_700_000_000, Epoch)]
    [TestCase(-5, -5)]
    public void Times_are_no_later_than_the_epoch(long time, long written)
    {
        using var image = new TarBuilder().Pax("mtime", $"{time}").File("a").Open();
        using var copy = TarBuilder.Open(Write(image, image.Entries).Tar);

        Assert.That(copy.Find("/a")!.MTime, Is.EqualTo(written));
    }

    [Test]
    public void The_first_chosen_hard_link_becomes_the_file()
    {
        using var image = new TarBuilder().File("z", "content").HardLink("b", "z").HardLink("c", "z").Open();
        using var copy = TarBuilder.Open(Write(image, [image.Find("/")!, image.Find("/b")!, image.Find("/c")!]).Tar);

        Assert.That(copy.Find("/b")!.Kind, Is.EqualTo(EntryKind.File));
        Assert.That(copy.Find("/c")!.LinkTarget, Is.EqualTo("/b"));
        Assert.That(Content(copy, copy.Find("/c")!), Is.EqualTo("content"u8.ToArray()));
    }

    [TestCase(1)]
    [TestCase(99)]
    [TestCase(100)]
    [TestCase(101)]
    [TestCase(155)]
    [TestCase(156)]
    [TestCase(157)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(257)]
    [TestCase(1000)]
    public void Names_and_targets_of_every_length_survive(int length)
    {
        foreach (var part in new[] { 3, 50, 99, 100, 101, 154, 155, 156, 2000 })
        {
            var name = string.Join('/', Enumerable.Repeat('n', length).Chunk(part).Select(chars => new string(chars)));
            using var image = new TarBuilder()
                .Pax("path", name)
                .File("x")
                .Pax("path", name + "d/")
                .Directory("x")
                .Pax("linkpath", name)
                .Link("link", "x")
                .Pax("linkpath", name)
                .HardLink("hard", "x")
                .Open();
            using var copy = TarBuilder.Open(Write(image, image.Entries).Tar);

            Assert.That(copy.Find("/" + name), Is.Not.Null);
            Assert.That(copy.Find("/" + name + "d")!.Kind, Is.EqualTo(EntryKind.Directory));
            Assert.That(copy.Find("/link")!.LinkTarget, Is.EqualTo(name));
            Assert.That(copy.Entries.Select(entry => entry.Path), Is.EqualTo(image.Entries.Select(entry => entry.Path)));
        }
    }

    [Test]
    public void Short_names_need_no_PAX_header()
    {
        var part = new string('a', 90);
        using var image = new TarBuilder().Directory("./").Directory(part).Entry('0', part, prefix: part).Open();

        Assert.That(Write(image, image.Entries).Tar, Has.Length.EqualTo((3 * 512) + 1024));
    }

    [TestCase(1)]
    [TestCase(80)]
    [TestCase(90)]
    [TestCase(970)]
    [TestCase(9970)]
    public void PAX_records_of_every_length_are_readable(int about)
    {
        for (var length = about; length < about + 20; length++)
        {
            using var image = new TarBuilder().Pax(("SCHILY.xattr.u", new byte[length])).File("a").Open();
            using var copy = TarBuilder.Open(Write(image, image.Entries).Tar);

            Assert.That(copy.Find("/a")!.Xattrs["u"], Has.Length.EqualTo(length));
        }
    }

    [Test]
    public void Content_can_be_replaced()
    {
        using var image = new TarBuilder().File("a", "long content").HardLink("b", "a").File("c", "own").Open();
        var (tar, summary) = Write(image, image.Entries, replace: entry => entry.Path == "/a" ? new MemoryStream([1, 2, 3]) : null);
        using var copy = TarBuilder.Open(tar);

        Assert.That(Content(copy, copy.Find("/b")!), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Content(copy, copy.Find("/c")!), Is.EqualTo("own"u8.ToArray()));
        Assert.That(summary.FileBytes, Is.EqualTo(6));
    }

    [Test]
    public void Content_larger_than_the_buffer_is_copied_whole()
    {
        var content = new string('x', (3 << 20) + 77);
        using var image = new TarBuilder().File("a", content).File("b", "tail").Open();
        var (tar, summary) = Write(image, image.Entries);
        using var copy = TarBuilder.Open(tar);

        Assert.That(Content(copy, copy.Find("/a")!), Is.EqualTo(Content(image, image.Find("/a")!)));
        Assert.That(summary.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(tar))));
    }

    [Test]
    public void Progress_ends_at_the_length_of_the_tar()
    {
        using var image = new TarBuilder().File("a", new string('x', 3 << 20)).Open();
        var progress = new Steps();
        var summary = RootFileSystem.Write(image, image.Entries, Stream.Null, Epoch, progress: progress);

        Assert.That(progress.Seen, Is.Ordered.And.Count.GreaterThan(2));
        Assert.That(progress.Seen[^1], Is.EqualTo(summary.TarBytes));
    }

    [Test]
    public void Cancelling_ends_the_writing()
    {
        using var image = new TarBuilder().File("a", "x").Open();

        Assert.That(
            () => RootFileSystem.Write(image, image.Entries, Stream.Null, Epoch, cancellation: new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }

    [Test]
    public void An_entry_without_its_directory_is_refused()
    {
        using var image = new TarBuilder().File("usr/a").Open();

        Assert.That(
            () => Write(image, [image.Find("/")!, image.Find("/usr/a")!]),
            Throws.ArgumentException.With.Message.Contains("/usr/a")
        );
        Assert.That(() => Write(image, [image.Find("/usr")!]), Throws.ArgumentException.With.Message.Contains("also '/'"));
    }

    [Test]
    public void An_entry_that_comes_twice_is_refused()
    {
        using var image = new TarBuilder().File("a").Open();

        Assert.That(() => Write(image, [.. image.Entries, image.Find("/a")!]), Throws.ArgumentException.With.Message.Contains("twice"));
    }

    [Test]
    public void Attributes_that_a_tar_can_not_hold_are_refused()
    {
        using var image = new TarBuilder().File("a").Open();
        var odd = image.Find("/a")! with { Xattrs = new Dictionary<string, byte[]> { ["user.a=b"] = [1] } };
        var device = image.Find("/a")! with { Kind = EntryKind.CharacterDevice, DeviceMajor = 1 << 21 };

        Assert.That(() => Write(image, [image.Find("/")!, odd]), Throws.ArgumentException.With.Message.Contains("user.a=b"));
        Assert.That(() => Write(image, [image.Find("/")!, device]), Throws.ArgumentException.With.Message.Contains("2097152"));
    }

    internal static TarBuilder Sample() =>
        new TarBuilder()
            .Directory("./")
            .Directory("usr")
            .Directory("usr/lib", 0x5ff)
            .File("usr/lib/a", "content of a", 0x9ed)
            .HardLink("usr/lib/b", "usr/lib/a")
            .Pax(("SCHILY.xattr.security.capability", [1, 0, 0, 2, 10, 61, 255, 0]), ("SCHILY.xattr.user.ű", "ő"u8.ToArray()))
            .File("ping", "p")
            .Pax(("uid", "3000000"u8.ToArray()), ("gid", "2147483647"u8.ToArray()), ("mtime", "-3"u8.ToArray()))
            .File("ids")
            .Pax("path", string.Join('/', Enumerable.Repeat("long name", 50)))
            .File("x", "deep")
            .File("with\nnewline and 日本語", "u")
            .Link("dangling", "/not/here")
            .Link("ű", "ő")
            .Entry('3', "null", major: 1, minor: 3)
            .Entry('4', "disk", major: 259, minor: 1048575)
            .Entry('6', "fifo", mode: 0x180, uid: 33, gid: 33);

    private static (byte[] Tar, RootFileSystemSummary Summary) Write(
        ImageFileSystem image,
        IEnumerable<ImageEntry> entries,
        long epoch = Epoch,
        Func<ImageEntry, Stream?>? replace = null
    )
    {
        using var output = new MemoryStream();
        var summary = RootFileSystem.Write(image, entries, output, epoch, replace);
        return (output.ToArray(), summary);
    }

    private static string Describe(ImageEntry entry) =>
        (entry with { DataOffset = 0, Xattrs = new Dictionary<string, byte[]>() })
        + string.Join(
            ';',
            entry.Xattrs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + Convert.ToHexString(pair.Value))
        );

    private static byte[] Content(ImageFileSystem image, ImageEntry entry)
    {
        if (entry.Kind is not (EntryKind.File or EntryKind.HardLink))
            return [];

        using var content = image.OpenFile(entry);
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private sealed class Steps : IProgress<long>
    {
        public List<long> Seen { get; } = [];

        public void Report(long value) => Seen.Add(value);
    }
}
