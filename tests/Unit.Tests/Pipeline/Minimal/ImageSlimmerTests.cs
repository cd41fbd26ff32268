using Gfxbake.Formats.Images;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Unit.Tests.Formats.Offload;
using Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

namespace Gfxbake.Unit.Tests.Pipeline.Minimal;

public sealed class ImageSlimmerTests
{
    private const string Library = "/usr/lib/libfat.so",
        Alias = "/usr/lib/aaa.so";

    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Rewritten_library_is_in_the_image_under_all_its_names()
    {
        using var image = Sample();
        var slimmed = Write(image, out var tar);
        using var built = ImageFileSystem.Open(tar);

        Assert.That(slimmed, Has.Count.EqualTo(1));
        Assert.That(Differences(image, slimmed, built), Is.Empty);
        using var content = built.OpenFile(built.Find(Library)!);
        Assert.That(FatBinaryReader.TryRead(content)!.Targets, Is.EqualTo(new[] { "gfx1100" }));
        Assert.That(built.Find(Alias)!.DataOffset, Is.EqualTo(built.Find(Library)!.DataOffset));
        Assert.That(Directory.EnumerateFiles(folder), Is.EqualTo(new[] { tar }), "no temporary file stays");
    }

    [Test]
    public void Comparison_notices_a_flipped_byte_of_a_rewritten_library()
    {
        using var image = Sample();
        var slimmed = Write(image, out var tar);
        using (var built = ImageFileSystem.Open(tar))
        using (var file = File.Open(tar, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = built.Find(Library)!.DataOffset + 9000;
            var old = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(old ^ 1));
        }

        using var damaged = ImageFileSystem.Open(tar);
        Assert.That(
            Differences(image, slimmed, damaged).Select(d => d[..d.IndexOf(':', d.IndexOf(':') + 1)]),
            Is.EqualTo(new[] { $"{Alias}: other content", $"{Library}: other content" })
        );
    }

    [Test]
    public void Comparison_takes_no_library_of_its_old_size_for_a_rewritten_one()
    {
        using var image = Sample();
        var slimmed = Write(image, out _);

        Assert.That(
            Differences(image, slimmed, image.Image.FileSystem),
            Has.Some.StartsWith($"{Library}: {slimmed[0].Before:N0} bytes, not {slimmed[0].After:N0}")
        );
    }

    [Test]
    public void Broken_library_stops_the_image_and_leaves_no_file()
    {
        var bundle = BundleBuilder.For(9000, "gfx900", "gfx1100") with { Version = 3, Edit = b => b.With(x => x[^30] ^= 1) };
        using var image = Sample(bundle);

        Assert.That(() => Write(image, out _), Throws.TypeOf<OffloadFormatException>());
        Assert.That(Directory.EnumerateFiles(folder).Select(Path.GetFileName), Is.EqualTo(new[] { "image.tar" }));
    }

    [Test]
    public void Library_that_changed_since_the_export_is_not_rewritten()
    {
        using var image = Sample();
        var full = FileTable.Of(image.Image.FileSystem);
        var other = new FileTable([.. full.Entries.Select(e => e.Entry.Path == Library ? e with { Sha256 = new string('0', 64) } : e)]);

        Assert.That(
            () => Write(image, out _, other),
            Throws.TypeOf<ImageFormatException>().With.Message.Contains($"'{Library}' is not what it was when the image was exported")
        );
    }

    private static IReadOnlyList<string> Differences(PlannedImage image, List<SlimmedFile> slimmed, ImageFileSystem built) =>
        new ImageProof(FileTable.Of(image.Image.FileSystem), image.Plan, slimmed).Differences(FileTable.Of(built));

    private static PlannedImage Sample(BundleBuilder? bundle = null)
    {
        var image = new PlannedImage { Form = OffloadForm.Slim }
            .Trace(Library)
            .Trace(Alias);
        image
            .Image.File(Library, new FatLibraryBuilder { Bundles = [bundle ?? BundleBuilder.For(9000, "gfx900", "gfx1100")] })
            .HardLink(Alias, Library);
        return image;
    }

    private List<SlimmedFile> Write(PlannedImage image, out string tar, FileTable? full = null)
    {
        var slimmed = new List<SlimmedFile>();
        tar = Path.Combine(folder, "image.tar");
        var source = image.Image.FileSystem;
        var slimmer = new ImageSlimmer(source, full ?? FileTable.Of(source), image.Plan, rule => rule, folder, slimmed.Add);
        using var output = File.Create(tar);
        RootFileSystem.Write(source, image.Plan.Entries.Where(e => e.IsKept).Select(e => source.Find(e.Path)!), output, 0, slimmer.Replace);
        return slimmed;
    }
}
