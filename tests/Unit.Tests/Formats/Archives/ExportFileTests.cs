using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Unit.Tests.Formats.Archives;

public sealed class ExportFileTests
{
    private static readonly ZstdEffort Effort = new(3, LongDistance: true)
    {
        WindowLog = 27,
        Workers = 2,
        Checksum = true,
    };
    private static readonly ArchiveBuilder Image = new();

    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestCase("image.tar")]
    [TestCase("image.tar.zst")]
    public void File_is_written_with_a_checksum_that_sha256sum_takes_and_read_back(string name)
    {
        var file = Write(name);

        Assert.That(file.Check().ImageId, Is.EqualTo(Image.ImageId));
        Assert.That(File.ReadAllText(file.ChecksumPath), Is.EqualTo($"{ArchiveBuilder.Hash(File.ReadAllBytes(file.Path))}  {name}\n"));
        Assert.That(Directory.EnumerateFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { name, name + ".sha256" }));
        using var unpacked = file.OpenUnpacked();
        var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        Assert.That(bytes.ToArray(), Is.EqualTo(Image.Build()));
    }

    [Test]
    public void The_same_image_gives_the_same_bytes() =>
        Assert.That(File.ReadAllBytes(Write("b.tar.zst").Path), Is.EqualTo(File.ReadAllBytes(Write("a.tar.zst").Path)));

    [TestCase("image.tar")]
    [TestCase("image.tar.zst")]
    public void Interrupted_write_leaves_the_old_file_and_its_checksum(string name)
    {
        var file = Write(name);
        var before = File.ReadAllBytes(file.Path);

        Assert.That(
            () =>
                file.Write(
                    s =>
                    {
                        s.Write(new byte[5000]);
                        throw new OperationCanceledException();
                    },
                    Effort,
                    _ => { }
                ),
            Throws.TypeOf<OperationCanceledException>()
        );

        Assert.That(File.ReadAllBytes(file.Path), Is.EqualTo(before));
        Assert.That(file.Check().ImageId, Is.EqualTo(Image.ImageId));
        Assert.That(Directory.EnumerateFiles(folder).Count(), Is.EqualTo(2));
    }

    [Test]
    public void Archive_that_does_not_pass_its_check_gets_no_name()
    {
        var file = new ExportFile(Path.Combine(folder, "image.tar.zst"));

        Assert.That(
            () => file.Write(s => s.Write(Image.Build().AsSpan(0, 60_000)), Effort, _ => { }),
            Throws.TypeOf<ArchiveFormatException>()
        );
        Assert.That(
            () => file.Write(s => s.Write(Image.Build()), Effort, _ => throw new ArchiveFormatException("another image")),
            Throws.TypeOf<ArchiveFormatException>()
        );

        Assert.That(Directory.EnumerateFiles(folder), Is.Empty);
    }

    [TestCase("image.tar")]
    [TestCase("image.tar.zst")]
    public void Flipped_bit_is_found_by_the_checksum(string name)
    {
        var file = Write(name);
        Damage(file, b => b[b.Length / 2] ^= 4);

        Assert.That(() => file.Check(), Throws.TypeOf<ArchiveFormatException>().With.Message.Contains("its SHA-256 is "));
    }

    [Test]
    public void Flipped_bit_is_found_without_the_checksum_too()
    {
        var file = Write("image.tar.zst");
        Damage(file, b => b[b.Length / 2] ^= 4);
        File.WriteAllText(file.ChecksumPath, ArchiveBuilder.Hash(File.ReadAllBytes(file.Path)));

        Assert.That(() => file.Check(), Throws.TypeOf<ArchiveFormatException>());
    }

    [Test]
    public void Truncated_archive_is_found_without_the_checksum_too()
    {
        var file = Write("image.tar.zst");
        File.WriteAllBytes(file.Path, File.ReadAllBytes(file.Path)[..^700]);
        File.WriteAllText(file.ChecksumPath, ArchiveBuilder.Hash(File.ReadAllBytes(file.Path)));

        Assert.That(
            () => file.Check(),
            Throws
                .TypeOf<ArchiveFormatException>()
                .With.Message.Contains("it can't be unpacked: zstd: the data ends in the middle of a frame")
        );
    }

    [TestCase(null, "image.tar.sha256 is missing beside it")]
    [TestCase("", "image.tar.sha256 does not start with 64 hexadecimal digits")]
    [TestCase("SHA256 (image.tar) = 00", "image.tar.sha256 does not start with 64 hexadecimal digits")]
    public void Checksum_that_cannot_be_read_is_an_error(string? content, string message)
    {
        var file = Write("image.tar");
        File.Delete(file.ChecksumPath);
        if (content is not null)
            File.WriteAllText(file.ChecksumPath, content);

        Assert.That(() => file.Check(), Throws.TypeOf<ArchiveFormatException>().With.Message.Contains(message));
    }

    private ExportFile Write(string name)
    {
        var file = new ExportFile(Path.Combine(folder, name));
        file.Write(s => s.Write(Image.Build()), Effort, contents => Assert.That(contents.ImageId, Is.EqualTo(Image.ImageId)));
        return file;
    }

    private static void Damage(ExportFile file, Action<byte[]> damage)
    {
        var bytes = File.ReadAllBytes(file.Path);
        damage(bytes);
        File.WriteAllBytes(file.Path, bytes);
    }
}
