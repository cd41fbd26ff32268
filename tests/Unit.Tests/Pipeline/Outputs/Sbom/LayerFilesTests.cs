using System.Security.Cryptography;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Unit.Tests.Formats.Images;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

[TestFixture]
internal sealed class LayerFilesTests
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gfxbake-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Recorded_layers_are_opened_lowest_first()
    {
        var records = new[] { Layer(0, "system", "/a"), Layer(1, "rocm", "/b") };

        using var layers = LayerFiles.Open(folder, records);

        Assert.That(layers.Layers.Select(l => l.Entries[^1].Path), Is.EqualTo(new[] { "/a", "/b" }));
    }

    [Test]
    public void All_layers_that_are_missing_or_others_are_named_at_once()
    {
        var records = new[] { Layer(0, "system", "/a"), Layer(1, "rocm", "/b"), Layer(2, "application", "/c") };
        File.Delete(Path.Combine(folder, "0-system.tar"));
        File.AppendAllText(Path.Combine(folder, "2-application.tar"), "x");

        Assert.That(
            () => LayerFiles.Open(folder, records),
            Throws
                .InstanceOf<SbomException>()
                .With.Message.Matches(
                    "^.*/0-system.tar: missing\n.*/2-application.tar: not the layer of the minimal image .*\nDelete candidate.json"
                )
        );
    }

    private LayerRecord Layer(int number, string name, string path)
    {
        var tar = new TarBuilder().File(path[1..]).ToArray();
        File.WriteAllBytes(Path.Combine(folder, $"{number}-{name}.tar"), tar);
        return new LayerRecord(name, Convert.ToHexStringLower(SHA256.HashData(tar)), tar.Length, 1, 0);
    }
}
