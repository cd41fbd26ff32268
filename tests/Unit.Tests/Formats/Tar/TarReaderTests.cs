using System.Text;
using Gfxbake.Formats.Tar;
using Gfxbake.Unit.Tests.Formats.Images;

namespace Gfxbake.Unit.Tests.Formats.Tar;

public class TarReaderTests
{
    [TestCase("./a/b")]
    [TestCase("/a/b")]
    [TestCase("a//./b")]
    [TestCase("././//a/b")]
    public void Names_become_absolute_and_normal(string name)
    {
        using var image = new TarBuilder().File(name).Open();

        Assert.That(image.Find("/a/b")?.Kind, Is.EqualTo(EntryKind.File));
    }

    [TestCase("with space")]
    [TestCase("with\nnewline")]
    [TestCase("Főtanúsítvány-日本語-🚀")]
    [TestCase("\\back\"quote'")]
    [TestCase("...")]
    [TestCase("..hidden")]
    public void Names_keep_their_characters(string name)
    {
        using var image = new TarBuilder().File(name, "x").Open();

        Assert.That(image.Find("/" + name)?.Size, Is.EqualTo(1));
    }

    [Test]
    public void Long_names_come_from_prefix_PAX_or_GNU_headers()
    {
        var part = new string('a', 90);
        var name = $"{part}/{part}/{part}";
        using var ustar = new TarBuilder().Entry('0', part, prefix: part + "/b").Open();
        using var pax = new TarBuilder().Pax("path", name).File("short").Open();
        using var gnu = new TarBuilder().Metadata('L', Encoding.ASCII.GetBytes(name + "\0")).File("short").Open();

        Assert.That(ustar.Find($"/{part}/b/{part}"), Is.Not.Null);
        Assert.That(pax.Find("/" + name), Is.Not.Null);
        Assert.That(gnu.Find("/" + name), Is.Not.Null);
    }

    [Test]
    public void Long_link_targets_come_from_PAX_or_GNU_headers()
    {
        var target = "/" + new string('t', 200);
        using var image = new TarBuilder()
            .Pax("linkpath", target)
            .Link("pax", "short")
            .Metadata('K', Encoding.ASCII.GetBytes(target + "\0"))
            .Link("gnu", "short")
            .Open();

        Assert.That(image.Find("/pax")?.LinkTarget, Is.EqualTo(target));
        Assert.That(image.Find("/gnu")?.LinkTarget, Is.EqualTo(target));
    }

    [Test]
    public void A_GNU_header_has_no_prefix()
    {
        using var image = new TarBuilder()
            .Entry('0', "name", prefix: "12345670123", change: block => "ustar  \0"u8.CopyTo(block.AsSpan(257)))
            .Open();

        Assert.That(image.Find("/name"), Is.Not.Null);
    }

    [Test]
    public void Attributes_of_the_header_are_kept()
    {
        using var image = new TarBuilder().Entry('0', "su", mode: 0x9ed, uid: 1000, gid: 44, mtime: 1234567890, content: [1, 2, 3]).Open();

        var entry = image.Find("/su")!;
        Assert.That((entry.Mode, entry.Uid, entry.Gid, entry.MTime, entry.Size), Is.EqualTo((0x9ed, 1000, 44, 1234567890L, 3L)));
    }

    [Test]
    public void File_type_bits_in_the_mode_are_dropped()
    {
        using var image = new TarBuilder().File("a", mode: 0x81a4).Open();

        Assert.That(image.Find("/a")!.Mode, Is.EqualTo(0x1a4));
    }

    [Test]
    public void PAX_records_override_the_header()
    {
        using var image = new TarBuilder()
            .Pax(("uid", "3000000"u8.ToArray()), ("gid", "7"u8.ToArray()), ("mtime", "12.75"u8.ToArray()), ("size", "2"u8.ToArray()))
            .Entry('0', "a", content: "xy"u8.ToArray(), change: block => "00000000000"u8.CopyTo(block.AsSpan(124)))
            .File("next")
            .Open();

        var entry = image.Find("/a")!;
        Assert.That((entry.Uid, entry.Gid, entry.MTime, entry.Size), Is.EqualTo((3000000, 7, 12L, 2L)));
        Assert.That(image.Find("/next"), Is.Not.Null.With.Property(nameof(ImageEntry.Uid)).Zero);
    }

    [TestCase("-1.5", -2)]
    [TestCase("-1", -1)]
    [TestCase("-1.0", -1)]
    [TestCase("-0.5", -1)]
    [TestCase("0", 0)]
    [TestCase("1700000000.999999999", 1700000000)]
    public void PAX_times_round_down(string text, long seconds)
    {
        using var image = new TarBuilder().Pax("mtime", text).File("a").Open();

        Assert.That(image.Find("/a")!.MTime, Is.EqualTo(seconds));
    }

    [Test]
    public void Global_PAX_headers_apply_to_all_that_follows()
    {
        using var image = new TarBuilder()
            .File("before")
            .Metadata('g', TarBuilder.Records(("uid", "5"u8.ToArray()), ("comment", "c"u8.ToArray())))
            .File("a")
            .Pax("uid", "6")
            .File("b")
            .Open();

        Assert.That(image.Entries.Skip(1).Select(entry => entry.Uid), Is.EqualTo([5, 6, 0]));
    }

    [Test]
    public void Base_256_numbers_are_read()
    {
        using var image = new TarBuilder()
            .Entry(
                '0',
                "a",
                change: block =>
                {
                    new byte[] { 0x80, 0, 0, 0, 0, 0x2d, 0xc6, 0xc0 }.CopyTo(block, 108);
                    Enumerable.Repeat((byte)0xff, 12).ToArray().CopyTo(block, 136);
                }
            )
            .Open();

        Assert.That((image.Find("/a")!.Uid, image.Find("/a")!.MTime), Is.EqualTo((3000000, -1L)));
    }

    [Test]
    public void Binary_attributes_survive_byte_by_byte()
    {
        byte[] capability = [1, 0, 0, 2, 0, (byte)'\n', (byte)'=', 0xff, 0xfe, 0x80, 0];
        using var image = new TarBuilder()
            .Pax(
                ("SCHILY.xattr.security.capability", capability),
                ("SCHILY.xattr.user.empty", []),
                ("LIBARCHIVE.xattr.user.x", "eA"u8.ToArray())
            )
            .File("ping")
            .Open();

        var xattrs = image.Find("/ping")!.Xattrs;
        Assert.That(xattrs.Keys, Is.EquivalentTo(["security.capability", "user.empty"]));
        Assert.That(xattrs["security.capability"], Is.EqualTo(capability));
    }

    [Test]
    public void Devices_and_fifos_are_kept()
    {
        using var image = new TarBuilder()
            .Entry('3', "dev/null", major: 1, minor: 3)
            .Entry('4', "dev/sda", major: 8, minor: 300000)
            .Entry('6', "pipe")
            .Open();

        Assert.That(
            image.Find("/dev/null"),
            Has.Property("Kind").EqualTo(EntryKind.CharacterDevice).And.Property("DeviceMinor").EqualTo(3)
        );
        Assert.That(
            image.Find("/dev/sda"),
            Has.Property("Kind").EqualTo(EntryKind.BlockDevice).And.Property("DeviceMinor").EqualTo(300000)
        );
        Assert.That(image.Find("/pipe")?.Kind, Is.EqualTo(EntryKind.Fifo));
    }
}
