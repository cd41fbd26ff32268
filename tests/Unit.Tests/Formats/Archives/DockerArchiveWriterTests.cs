using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Archives;

namespace Gfxbake.Unit.Tests.Formats.Archives;

public sealed class DockerArchiveWriterTests
{
    private string tar = null!;

    [SetUp]
    public void SetUp() => File.WriteAllBytes(tar = Path.GetTempFileName(), Encoding.UTF8.GetBytes("a root file system"));

    [TearDown]
    public void TearDown() => File.Delete(tar);

    [Test]
    public void Archive_holds_the_tar_as_its_only_layer_under_the_name()
    {
        var contents = DockerArchiveReader.Read(new MemoryStream(Write()));

        Assert.Multiple(() =>
        {
            Assert.That(contents.Layers, Is.EqualTo(new[] { Digest }));
            Assert.That(contents.Names, Is.EqualTo(new[] { "localhost/base:1" }));
            Assert.That(contents.ImageId, Is.EqualTo(DockerArchiveWriter.ImageId(Digest)));
        });
    }

    [Test]
    public void Same_tar_gives_the_same_archive_however_old_it_is()
    {
        var first = Write();
        File.SetLastWriteTimeUtc(tar, DateTime.UnixEpoch.AddDays(1));

        Assert.That(Write(), Is.EqualTo(first));
    }

    [Test]
    public void Layout_for_other_builders_has_the_same_configuration()
    {
        var folder = Directory.CreateTempSubdirectory("layout").FullName;
        OciLayoutWriter.Write(tar, Path.Combine(folder, "layout"));
        var there = File.Exists(Path.Combine(folder, "layout", "blobs", "sha256", DockerArchiveWriter.ImageId(Digest)));
        Directory.Delete(folder, recursive: true);

        Assert.That(there, Is.True);
    }

    private string Digest => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(tar)));

    private byte[] Write()
    {
        var output = new MemoryStream();
        DockerArchiveWriter.Write(output, tar, Digest, "localhost/base:1");
        return output.ToArray();
    }
}
