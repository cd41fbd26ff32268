using System.Text;
using Gfxbake.Formats.Archives;

namespace Gfxbake.Unit.Tests.Formats.Archives;

public sealed class DockerArchiveReaderTests
{
    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public void Archive_tells_id_names_and_layers(bool ociNames, bool linkedLayers)
    {
        var builder = new ArchiveBuilder { OciNames = ociNames, LinkedLayers = linkedLayers };
        var bytes = builder.Build();

        var contents = Read(bytes);

        Assert.That(contents.ImageId, Is.EqualTo(builder.ImageId));
        Assert.That(contents.Names, Is.EqualTo(new[] { "localhost/sample:minimal" }));
        Assert.That(contents.Layers, Is.EqualTo(builder.Layers.Select(ArchiveBuilder.Hash)));
        Assert.That(contents.TarBytes, Is.EqualTo(bytes.Length));
    }

    [TestCase(3_000)]
    [TestCase(5 << 20)]
    public void Packed_layers_are_known_by_their_unpacked_tars(int size)
    {
        var builder = new ArchiveBuilder
        {
            OciNames = true,
            PackedLayers = true,
            Layers = [ArchiveBuilder.Content(1, 70_000), ArchiveBuilder.Content(2, size)],
        };

        var contents = Read(builder.Build());

        Assert.That(contents.Layers, Is.EqualTo(builder.Layers.Select(ArchiveBuilder.Hash)));
        Assert.That(contents.LayerFiles, Has.All.StartsWith("blobs/sha256/").And.None.Contains(contents.Layers[0]));
        Assert.That(contents.Documents, Does.Contain(builder.ImageId));
    }

    [Test]
    public void Packed_layer_of_other_content_is_an_error() =>
        AssertFault(
            new ArchiveBuilder
            {
                PackedLayers = true,
                DiffIds = ["sha256:" + new string('0', 64), "sha256:" + new string('1', 64)],
            }.Build(),
            "and the configuration wants sha256:0000"
        );

    [Test]
    public void Layer_with_another_digest_is_an_error() =>
        AssertFault(
            new ArchiveBuilder { DiffIds = ["sha256:" + new string('0', 64), "sha256:" + new string('1', 64)] }.Build(),
            "and the configuration wants sha256:0000"
        );

    [TestCase("manifest.json", "manifest.json is missing, so this is no image as `docker save` writes it")]
    [TestCase(".json", "manifest.json is missing")]
    [TestCase(".tar", "is missing")]
    public void Missing_part_is_an_error(string part, string message) =>
        AssertFault(new ArchiveBuilder { LeaveOut = [part] }.Build(), message);

    [TestCase("[]", "does not describe exactly one image")]
    [TestCase("{", "manifest.json is broken")]
    [TestCase("null", "does not describe exactly one image")]
    [TestCase("[{\"Config\":\"x.json\",\"Layers\":[]}]", "the configuration x.json is missing")]
    [TestCase("[{\"Config\":\"manifest.json\",\"Layers\":[]}]", "is broken")]
    public void Odd_manifest_is_an_error(string manifest, string message) =>
        AssertFault(new ArchiveBuilder { Manifest = manifest }.Build(), message);

    [Test]
    public void Every_truncation_is_an_error_until_only_padding_is_cut()
    {
        var bytes = new ArchiveBuilder { Layers = [ArchiveBuilder.Content(1, 900)] }.Build();
        var end = bytes.AsSpan().LastIndexOfAnyExcept((byte)0);

        for (var length = 0; length < end; length += 37)
            AssertFault(bytes[..length], "");
    }

    [Test]
    public void Flipped_bits_are_errors_or_change_nothing_that_matters()
    {
        var bytes = new ArchiveBuilder { Layers = [ArchiveBuilder.Content(1, 900)] }.Build();
        var whole = Read(bytes);
        var faults = 0;
        var rounds = Rounds.Run(random =>
        {
            var damaged = bytes.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.That(Read(damaged).Layers, Is.EqualTo(whole.Layers));
            }
            catch (ArchiveFormatException)
            {
                faults++;
            }
        });

        if (Rounds.AreMany)
            Assert.That(faults, Is.GreaterThan(rounds * 3 / 20));
    }

    [Test]
    public void Text_is_no_archive() => AssertFault(Encoding.UTF8.GetBytes(new string('x', 2000)), "the archive is cut off or no tar");

    private static ArchiveContents Read(byte[] bytes) => DockerArchiveReader.Read(new MemoryStream(bytes));

    private static void AssertFault(byte[] bytes, string message) =>
        Assert.That(() => Read(bytes), Throws.TypeOf<ArchiveFormatException>().With.Message.Contains(message));
}
