using System.Formats.Tar;
using System.Text;
using Gfxbake.Formats.Archives;

namespace Gfxbake.Unit.Tests.Formats.Archives;

/// <summary>Archives that are one image for this program and could be another one for an engine.</summary>
public sealed class HostileArchiveTests
{
    private static readonly string Id = new('a', 64),
        Other = new('b', 64);
    private static readonly byte[] Bytes = ArchiveBuilder.Content(9, 300);

    [Test]
    public void Second_entry_of_a_name_is_refused_whatever_comes_first([Values] bool before)
    {
        var evil = ArchiveBuilder.File("manifest.json", Encoding.UTF8.GetBytes("[]"));

        AssertRefused(before ? new() { First = [evil] } : new() { Last = [evil] }, "the archive has two entries 'manifest.json'");
    }

    [Test]
    public void Second_configuration_is_refused()
    {
        var plain = new ArchiveBuilder();

        AssertRefused(new() { First = [ArchiveBuilder.File(plain.ImageId + ".json", Bytes)] }, $"two entries '{plain.ImageId}.json'");
    }

    [Test]
    public void Link_and_file_and_folder_of_one_name_are_refused()
    {
        TarEntry[] both = [ArchiveBuilder.Link(Id + "/layer.tar", $"../{Other}.tar"), ArchiveBuilder.File(Id + "/layer.tar", Bytes)];
        TarEntry[] folders = [new UstarTarEntry(TarEntryType.Directory, Id), new UstarTarEntry(TarEntryType.Directory, Id + "/")];

        AssertRefused(new() { Last = both }, $"two entries '{Id}/layer.tar'");
        AssertRefused(new() { Last = folders }, $"two entries '{Id}'");
    }

    [TestCase("./manifest.json")]
    [TestCase("/manifest.json")]
    [TestCase("x/../manifest.json")]
    [TestCase("blobs//sha256/x")]
    [TestCase("manifest.json ")]
    [TestCase("manifest.json\n")]
    [TestCase("manifest.json/")]
    [TestCase("Manifest.json")]
    [TestCase("manifest.json/x")]
    [TestCase(".wh.manifest.json")]
    public void Name_that_no_engine_writes_is_refused(string name) =>
        AssertRefused(
            new() { First = [ArchiveBuilder.File(name, Bytes)] },
            $"the entry '{name.Trim('\n')}",
            "has an unknown name; neither `podman save` nor `docker save` writes that"
        );

    [TestCase("manifest.json", "other.json")]
    [TestCase("x", ".")]
    [TestCase("x/layer.tar", "../y.tar")]
    public void Link_of_another_name_is_refused(string name, string target) =>
        AssertRefused(new() { LeaveOut = [name], Last = [ArchiveBuilder.Link(name, target)] }, $"the entry '{name}' leads to '{target}'");

    [TestCase("../../etc/passwd")]
    [TestCase("/etc/passwd")]
    [TestCase("../manifest.json")]
    [TestCase("layer.tar")]
    [TestCase("")]
    public void Link_to_anything_but_a_layer_is_refused(string target) =>
        AssertRefused(
            new() { Last = [ArchiveBuilder.Link(Id + "/layer.tar", target.Length == 0 ? "." : target)] },
            $"the entry '{Id}/layer.tar' leads to '"
        );

    [TestCase("a", "a")]
    [TestCase("a", "b")]
    public void Link_that_leads_to_a_link_or_to_nothing_is_refused(string first, string second)
    {
        var (one, two) = (new string(first[0], 64), new string(second[0], 64));
        TarEntry[] links =
            one == two
                ? [ArchiveBuilder.Link(one + "/layer.tar", $"../{one}/layer.tar")]
                : [.. new[] { (one, two), (two, one) }.Select(l => ArchiveBuilder.Link(l.Item1 + "/layer.tar", $"../{l.Item2}/layer.tar"))];

        AssertRefused(new() { Last = links }, $"the link {one}/layer.tar leads to no file");
    }

    [TestCase(TarEntryType.HardLink, "0x31")]
    [TestCase(TarEntryType.Fifo, "0x36")]
    [TestCase(TarEntryType.CharacterDevice, "0x33")]
    public void Kind_that_no_engine_writes_is_refused(TarEntryType type, string shown)
    {
        var entry = new UstarTarEntry(type, "repositories");
        if (type == TarEntryType.HardLink)
            entry.LinkName = "manifest.json";

        AssertRefused(new() { Last = [entry] }, $"the entry 'repositories' has the type {shown}");
    }

    [TestCase((byte)'7')]
    [TestCase((byte)'S')]
    [TestCase((byte)0)]
    [TestCase((byte)'g')]
    [TestCase((byte)'L')]
    public void Type_flag_that_no_engine_writes_is_refused(byte flag) =>
        AssertRefused(Header(block => block[156] = flag), $"has the type 0x{flag:x2}");

    [TestCase("ustar  \0", 257)]
    [TestCase("\0\0\0\0\0\0\0\0", 257)]
    [TestCase("././.", 345)]
    [TestCase("tar\0", 508)]
    public void Header_of_another_form_is_refused(string text, int at) =>
        AssertRefused(Header(block => Encoding.ASCII.GetBytes(text).CopyTo(block, at)), "has a header of another form");

    [Test]
    public void Size_of_a_folder_is_refused() =>
        AssertRefused(Header(block => block[156] = (byte)'5', Id), $"the entry '{Id}' has a length of 300 bytes");

    [TestCase("GNU.sparse.major", "1", "sparse")]
    [TestCase("SIZE", "+7", "'size' that is no number")]
    public void Pax_record_that_changes_what_follows_is_refused(string key, string value, string message) =>
        Assert.That(
            () => Read(Replaced(Pax(KeyValuePair.Create(key, value)), "SIZE", "size")),
            Throws.TypeOf<ArchiveFormatException>().With.Message.Contains(message)
        );

    [Test]
    public void Pax_header_with_another_name_is_refused()
    {
        var bytes = Pax();
        var header = bytes.AsSpan().LastIndexOf("repositories"u8);
        "index.json\0\0"u8.CopyTo(bytes.AsSpan(header));
        ArchiveBuilder.Sum(bytes.AsSpan(header, 512));

        Assert.That(
            () => Read(bytes),
            Throws.TypeOf<ArchiveFormatException>().With.Message.Contains("the entry 'index.json' has two names")
        );
    }

    [Test]
    public void Bytes_after_the_end_are_refused() =>
        Assert.That(
            () => Read([.. new ArchiveBuilder().Build(), .. new ArchiveBuilder { Manifest = "[]" }.Build()]),
            Throws.TypeOf<ArchiveFormatException>().With.Message.EqualTo("the archive goes on after its end")
        );

    [Test]
    public void Zeros_after_the_end_are_padding() =>
        Assert.That(Read([.. new ArchiveBuilder().Build(), .. new byte[20_000]]).ImageId, Is.EqualTo(new ArchiveBuilder().ImageId));

    [Test]
    public void Large_entry_that_nothing_needs_is_refused_with_its_size() =>
        AssertRefused(
            new() { Last = [ArchiveBuilder.File(Id + ".tar", new byte[(4 << 20) + 1])] },
            $"the entry {Id}.tar holds 4,194,305 bytes that no part of the image needs"
        );

    [Test]
    public void Many_small_entries_that_nothing_needs_are_refused() =>
        AssertRefused(
            new()
            {
                Last =
                [
                    .. Enumerable.Range(0, 17).Select(i => ArchiveBuilder.File(ArchiveBuilder.Hash([(byte)i]) + ".tar", new byte[4 << 20])),
                ],
            },
            "holds 4,194,304 bytes that no part of the image needs"
        );

    [Test]
    public void Archive_over_the_limit_is_refused()
    {
        var bytes = new ArchiveBuilder().Build();

        Assert.That(
            () => DockerArchiveReader.Read(new MemoryStream(bytes), bytes.Length - 1),
            Throws.TypeOf<ArchiveFormatException>().With.Message.Contains("the archive unpacks to more than")
        );
    }

    [Test]
    public void Blob_of_another_digest_is_refused() =>
        AssertRefused(
            new() { Last = [ArchiveBuilder.File("blobs/sha256/" + Id, Bytes)] },
            $"blobs/sha256/{Id} has the digest {ArchiveBuilder.Hash(Bytes)}"
        );

    [TestCase("""[{"Config":"x.json","Config":"y.json","Layers":[]}]""", "manifest.json is broken")]
    [TestCase("""[{"Config":"x.json","config":"y.json","Layers":[]}]""", "manifest.json has two keys that an engine may take for 'config'")]
    [TestCase("""[{"Layers":[],"Layer\u017f":[]}]""", "manifest.json has two keys that an engine may take for 'Layer\u017f'")]
    [TestCase("""[{"Config":"x.json","Layers":[]},{"Config":"y.json","Layers":[]}]""", "does not describe exactly one image")]
    [TestCase("""[{"Config":"x.json","Layers":[]}][]""", "manifest.json is broken")]
    [TestCase("""[{"Config":"\ud800","Layers":[]}]""", "manifest.json is broken")]
    [TestCase("""[{"Config":"x.json","Layers":[],"\ud800":1}]""", "manifest.json is broken")]
    [TestCase("""[{"Config":"x.json","Layers":[],"RepoTags":["--all"]}]""", "has the name '--all', which is none for an image")]
    public void Manifest_that_parsers_read_differently_is_refused(string manifest, string message) =>
        AssertRefused(new() { Manifest = manifest }, message);

    [TestCase("\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},", "is broken")]
    [TestCase("\"Rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},", "has two keys that an engine may take for 'rootfs'")]
    public void Configuration_that_parsers_read_differently_is_refused(string start, string message) =>
        AssertRefused(new() { ConfigurationStart = start }, message);

    /// <summary>An archive whose last entry has a header with other bytes, and the right checksum.</summary>
    private static ArchiveBuilder Header(Action<byte[]> change, string name = "repositories") =>
        new() { Last = [ArchiveBuilder.File(name, Bytes)], Damage = (name, change) };

    private static byte[] Replaced(byte[] bytes, string from, string to) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(from, to));

    private static byte[] Pax(params KeyValuePair<string, string>[] records)
    {
        var output = new MemoryStream();
        var entry = new PaxTarEntry(TarEntryType.RegularFile, "repositories", records);
        using (var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true))
            tar.WriteEntry(entry);
        return output.ToArray();
    }

    private static ArchiveContents Read(byte[] bytes) => DockerArchiveReader.Read(new MemoryStream(bytes));

    private static void AssertRefused(ArchiveBuilder builder, params string[] messages)
    {
        var error = Assert.Throws<ArchiveFormatException>(() => Read(builder.Build()))!;
        foreach (var message in messages)
            Assert.That(error.Message, Does.Contain(message));
    }
}
