using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Unit.Tests.Formats.Images;

public class ImageFileSystemTests
{
    private static readonly string[] RootUsrBin = ["/", "/usr", "/usr/bin", "/usr/bin/x"];

    [Test]
    public void Entries_are_in_ordinal_order_with_every_parent()
    {
        using var image = new TarBuilder().File("usr/bin/x").Open();

        Assert.That(image.Entries.Select(entry => entry.Path), Is.EqualTo(RootUsrBin));
        Assert.That(
            image.Entries.Take(3).Select(entry => (entry.Kind, entry.Mode, entry.Uid)),
            Is.All.EqualTo((EntryKind.Directory, 0x1ed, 0))
        );
    }

    [Test]
    public void An_empty_archive_has_only_its_root()
    {
        using var image = new TarBuilder().Open();

        Assert.That(image.Entries.Select(entry => entry.Path), Is.EqualTo(["/"]));
    }

    [Test]
    public void Children_are_the_direct_ones()
    {
        using var image = new TarBuilder().File("a/z").File("a/b/c").File("a-b").File("a/B").Open();

        Assert.That(image.Children("/a").Select(entry => entry.Path), Is.EqualTo(["/a/B", "/a/b", "/a/z"]));
        Assert.That(image.Children("/").Select(entry => entry.Path), Is.EqualTo(["/a", "/a-b"]));
        Assert.That(image.Children("/a/z"), Is.Empty);
        Assert.That(image.Children("/missing"), Is.Empty);
    }

    [Test]
    public void Hard_links_carry_the_file_they_name()
    {
        using var image = new TarBuilder().File("a", "content", mode: 0x9ed).HardLink("b", "./a").HardLink("c", "b").Open();

        var c = image.Find("/c")!;
        Assert.That((c.Kind, c.LinkTarget, c.Size, c.Mode), Is.EqualTo((EntryKind.HardLink, "/a", 7L, 0x9ed)));
        Assert.That(Text(image, "/c"), Is.EqualTo("content"));
    }

    [Test]
    public void Hard_links_to_symbolic_links_are_symbolic_links()
    {
        using var image = new TarBuilder().Link("a", "x").HardLink("b", "a").Open();

        Assert.That(image.Find("/b"), Has.Property("Kind").EqualTo(EntryKind.SymbolicLink).And.Property("LinkTarget").EqualTo("x"));
    }

    [Test]
    public void Hard_links_keep_the_file_that_was_replaced()
    {
        using var image = new TarBuilder().File("a", "old").HardLink("b", "a").HardLink("c", "a").File("a", "newer").Open();

        Assert.That((Text(image, "/a"), Text(image, "/b"), Text(image, "/c")), Is.EqualTo(("newer", "old", "old")));
        Assert.That((image.Find("/b")!.Kind, image.Find("/c")!.LinkTarget), Is.EqualTo((EntryKind.File, "/b")));
    }

    [Test]
    public void Later_entries_replace_earlier_ones()
    {
        using var image = new TarBuilder().File("a", "1").Link("b", "x").File("a", "22").Directory("b").File("b/c").Open();

        Assert.That(Text(image, "/a"), Is.EqualTo("22"));
        Assert.That(image.Find("/b")?.Kind, Is.EqualTo(EntryKind.Directory));
    }

    [Test]
    public void A_file_in_place_of_a_directory_takes_all_below_it_away()
    {
        using var image = new TarBuilder().File("a/b/c", "1").File("a-b").File("a", "now a file").Open();

        Assert.That(image.Entries.Select(entry => entry.Path), Is.EqualTo(["/", "/a", "/a-b"]));
        Assert.That(image.Children("/a"), Is.Empty);
    }

    [Test]
    public void A_directory_made_again_starts_empty()
    {
        using var image = new TarBuilder().File("a/b").File("a").Directory("a").File("a/b/c").Open();

        Assert.That(image.Entries.Select(entry => entry.Path), Is.EqualTo(["/", "/a", "/a/b", "/a/b/c"]));
    }

    [Test]
    public void A_directory_that_comes_again_keeps_its_children()
    {
        using var image = new TarBuilder().File("a/b").Directory("a", 0x1c0).Directory("./", 0x16d).Open();

        Assert.That((image.Find("/a")!.Mode, image.Find("/")!.Mode), Is.EqualTo((0x1c0, 0x16d)));
        Assert.That(image.Children("/a"), Has.Count.EqualTo(1));
    }

    [Test]
    public void What_follows_the_end_of_the_archive_is_not_looked_at()
    {
        using var image = TarBuilder.Open([.. new TarBuilder().File("a").ToArray(), 1, 2, 3]);

        Assert.That(image.Entries, Has.Count.EqualTo(2));
    }

    [Test]
    public void Files_open_bounded_and_seekable()
    {
        using var image = new TarBuilder().File("a", "0123456789").File("b", "secret").Open();
        using var stream = image.OpenFile(image.Find("/a")!);
        stream.Seek(-3, SeekOrigin.End);
        var tail = new byte[100];

        Assert.That(stream.Read(tail), Is.EqualTo(3));
        Assert.That(tail.Take(4), Is.EqualTo("789\0"u8.ToArray()));
        Assert.That(stream.Read(tail), Is.Zero);
        stream.Position = long.MaxValue;
        Assert.That(stream.Read(tail), Is.Zero);
        Assert.That(() => stream.Seek(-1, SeekOrigin.Begin), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Streams_are_independent_of_each_other_across_threads()
    {
        var content = string.Concat(Enumerable.Range(0, 20000).Select(i => $"{i},"));
        using var image = new TarBuilder().File("a", content).HardLink("b", "a").Open();

        var texts = new string[16];
        Parallel.For(0, texts.Length, i => texts[i] = Text(image, i % 2 == 0 ? "/a" : "/b"));

        Assert.That(texts, Is.All.EqualTo(content));
    }

    [TestCase("/dir")]
    [TestCase("/link")]
    public void Only_files_can_be_opened(string path)
    {
        using var image = new TarBuilder().Directory("dir").Link("link", "x").Open();

        Assert.That(() => image.OpenFile(image.Find(path)!), Throws.ArgumentException.With.Message.Contains(path));
    }

    [Test]
    public void An_entry_beyond_the_export_can_not_be_opened()
    {
        using var image = new TarBuilder().File("a", "1").Open();

        Assert.That(() => image.OpenFile(image.Find("/a")! with { Size = 1 << 20 }), Throws.ArgumentException);
        Assert.That(() => image.OpenFile(image.Find("/a")! with { DataOffset = long.MaxValue, Size = 2 }), Throws.ArgumentException);
    }

    [Test]
    public void A_disposed_image_opens_no_file()
    {
        var image = new TarBuilder().File("a", "1").Open();
        image.Dispose();

        Assert.That(() => image.OpenFile(image.Find("/a")!), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Statistics_count_hard_linked_content_once()
    {
        using var image = new TarBuilder().File("a", "12345").HardLink("b", "a").File("c", "1").Link("l", "a").Entry('6', "p").Open();

        Assert.That(ImageStatistics.Of(image.Entries), Is.EqualTo(new ImageStatistics(6, 2, 1, 1, 1, 1)));
        Assert.That(ImageStatistics.Of([image.Find("/b")!]), Is.EqualTo(new ImageStatistics(5, 1, 0, 0, 0, 0)));
    }

    private static string Text(ImageFileSystem image, string path)
    {
        using var reader = new StreamReader(image.OpenFile(image.Find(path)!));
        return reader.ReadToEnd();
    }
}
