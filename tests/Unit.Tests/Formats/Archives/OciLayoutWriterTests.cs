using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gfxbake.Formats.Archives;

namespace Gfxbake.Unit.Tests.Formats.Archives;

public sealed class OciLayoutWriterTests
{
    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("oci").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Every_blob_is_named_by_its_digest_and_described_by_its_size()
    {
        var layout = Write("layout");
        var blobs = Directory.GetFiles(Path.Combine(layout, "blobs", "sha256"));

        Assert.That(blobs, Has.Length.EqualTo(3));
        Assert.That(
            blobs.Select(Path.GetFileName),
            Is.EqualTo(blobs.Select(b => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(b)))))
        );
        var manifest = JsonNode.Parse(File.ReadAllBytes(Path.Combine(layout, "index.json")))!["manifests"]![0]!;
        var parsed = JsonNode.Parse(File.ReadAllBytes(Blob(layout, manifest)))!;
        foreach (var descriptor in new[] { manifest, parsed["config"]!, parsed["layers"]![0]! })
            Assert.That((long)descriptor["size"]!, Is.EqualTo(new FileInfo(Blob(layout, descriptor)).Length));
        Assert.That(
            (string)JsonNode.Parse(File.ReadAllBytes(Blob(layout, parsed["config"]!)))!["rootfs"]!["diff_ids"]![0]!,
            Is.EqualTo((string)parsed["layers"]![0]!["digest"]!)
        );
    }

    [Test]
    public void Same_tar_gives_the_same_digest()
    {
        Write("one");

        Assert.That(
            OciLayoutWriter.Write(Path.Combine(folder, "tar"), Path.Combine(folder, "two")),
            Is.EqualTo(OciLayoutWriter.Write(Path.Combine(folder, "tar"), Path.Combine(folder, "three")))
        );
    }

    private string Write(string name)
    {
        File.WriteAllBytes(Path.Combine(folder, "tar"), [1, 2, 3]);
        OciLayoutWriter.Write(Path.Combine(folder, "tar"), Path.Combine(folder, name));
        return Path.Combine(folder, name);
    }

    private static string Blob(string layout, JsonNode descriptor) =>
        Path.Combine(layout, "blobs", "sha256", ((string)descriptor["digest"]!)["sha256:".Length..]);
}
