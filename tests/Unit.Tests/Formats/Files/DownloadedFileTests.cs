using System.Security.Cryptography;
using Gfxbake.Formats.Files;

namespace Gfxbake.Unit.Tests.Formats.Files;

public sealed class DownloadedFileTests
{
    private static readonly byte[] Content = [1, 2, 3, 4, 5];
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Content));

    private string folder = "";

    private string Target => Path.Combine(folder, "below", "file");

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("gfxbake-download").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task File_gets_its_name_only_when_it_is_whole()
    {
        var file = new DownloadedFile(Target, Digest, 100);

        await Append(file, Content[..3], 0);
        Assert.That(file.Have, Is.EqualTo(3));
        Assert.That(file.IsThere(), Is.False);
        await Append(file, Content[3..], 3);

        Assert.That(file.Finish(), Is.Null);
        Assert.That(file.IsThere(), Is.True);
        Assert.That(Directory.EnumerateFiles(Path.GetDirectoryName(Target)!), Is.EqualTo(new[] { Target }));
    }

    [Test]
    public async Task Bytes_that_are_sent_again_replace_the_old_ones()
    {
        var file = new DownloadedFile(Target, Digest, 100);

        await Append(file, [1, 9, 9, 9, 9, 9, 9], 0);
        await Append(file, Content[1..], 1);

        Assert.That(file.Finish(), Is.Null);
    }

    [Test]
    public async Task Wrong_content_is_named_and_deleted()
    {
        var file = new DownloadedFile(Target, Digest, 100);
        await Append(file, [7], 0);

        Assert.That(file.Finish(), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData([7]))));
        Assert.That(file.Have, Is.Zero);
        Assert.That(file.IsThere(), Is.False);
    }

    [Test]
    public void Sender_of_too_much_is_not_believed() =>
        Assert.That(
            () => Append(new DownloadedFile(Target, Digest, 4), Content, 0),
            Throws.TypeOf<DownloadException>().With.Message.Contains("more than 4 bytes")
        );

    [Test]
    public void Gap_is_not_filled() =>
        Assert.That(
            () => Append(new DownloadedFile(Target, Digest, 100), Content, 2),
            Throws.TypeOf<DownloadException>().With.Message.Contains("byte 2 was sent first")
        );

    private static Task Append(DownloadedFile file, byte[] bytes, long at) =>
        file.Append(new MemoryStream(bytes), at, new Progress<long>(), CancellationToken.None);
}
