using System.Security.Cryptography;
using Gfxbake.Pipeline.Outputs.Release;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Release;

public sealed class ReleasedFileTests
{
    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(999, 1)]
    [TestCase(1000, 1)]
    [TestCase(1001, 2)]
    [TestCase(2000, 2)]
    [TestCase(12_345, 13)]
    public void Parts_joined_by_name_are_the_file(int length, int parts)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var path = Write("image.tar.zst", bytes);

        var file = ReleasedFile.Read(path, 1000);

        using var joined = new MemoryStream();
        foreach (var part in file.Parts.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            using var stream = new PartStream(part);
            using var copy = new MemoryStream();
            stream.CopyTo(copy, 77);
            Assert.That(copy.Length, Is.EqualTo(part.Length).And.LessThanOrEqualTo(1000));
            Assert.That(part.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(copy.ToArray()))));
            joined.Write(copy.ToArray());
        }

        Assert.That(joined.ToArray(), Is.EqualTo(bytes));
        Assert.That(file.Parts, Has.Count.EqualTo(parts));
        Assert.That(file.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    [Test]
    public void Part_can_be_read_again_from_its_start()
    {
        var path = Write("x", [1, 2, 3, 4, 5]);
        using var stream = new PartStream(new ReleasePart("x", path, 1, 3, ""));
        stream.CopyTo(Stream.Null);

        stream.Position = 0;

        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.That(copy.ToArray(), Is.EqualTo(new byte[] { 2, 3, 4 }));
    }

    [Test]
    public void File_is_read_without_holding_it()
    {
        const int size = 64 << 20;
        var path = Holes(size + 2);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var released = ReleasedFile.Read(path, size);

        Assert.That(
            released.Parts.Select(p => (p.Name, p.Offset, p.Length)),
            Is.EqualTo(new[] { ("large.part-1-of-2", 0L, (long)size), ("large.part-2-of-2", size, 2L) })
        );
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(8 << 20));
    }

    [Test]
    public void Part_beyond_the_range_of_an_int_is_read_at_its_place()
    {
        var path = Holes(ReleasedFile.LargestAsset + 10);
        using (var file = File.OpenWrite(path))
        {
            file.Position = ReleasedFile.LargestAsset;
            file.Write("0123456789"u8);
        }

        using var stream = new PartStream(new ReleasePart("x", path, ReleasedFile.LargestAsset, 10, ""));
        using var reader = new StreamReader(stream);
        Assert.That(reader.ReadToEnd(), Is.EqualTo("0123456789"));
    }

    [Test]
    public void Limit_is_less_than_two_gibibytes() => Assert.That(ReleasedFile.LargestAsset, Is.EqualTo(2_147_483_647));

    [TestCase("1.2", "r-v-1.2")]
    [TestCase("b8770", "r-v-b8770")]
    [TestCase("7.2.4+dfsg-1~exp1", "r-v-7.2.4+dfsg-1_exp1")]
    [TestCase("1:2.0^a", "r-v-1-2.0-a")]
    [TestCase("1..2.", "r-v-1.-2")]
    [TestCase("0 ;rm/x", "r-v-0--rm-x")]
    public void Default_tag_is_one_that_git_takes(string version, string tag)
    {
        Assert.That(ReleaseNames.DefaultTag("r", "v", version), Is.EqualTo(tag));
        Assert.That(ReleaseNames.IsTag(tag));
    }

    [TestCase("a.tar.zst", "a.tar.zst")]
    [TestCase("a~1 b(c).rpm", "a.1.b.c..rpm")]
    [TestCase(".hidden", "hidden")]
    [TestCase("a+b_c-d", "a+b_c-d")]
    public void Asset_is_called_as_GitHub_would_call_it(string file, string name) =>
        Assert.That(ReleaseNames.Asset(file), Is.EqualTo(name));

    [Test]
    public void Parts_of_many_sort_by_name()
    {
        var names = Enumerable.Range(1, 12).Select(i => ReleaseNames.Part("x", i, 12)).ToList();

        Assert.That(names.Order(StringComparer.Ordinal), Is.EqualTo(names));
        Assert.That(names[0], Is.EqualTo("x.part-01-of-12"));
    }

    // Takes no space on the disk.
    private string Holes(long size)
    {
        var path = Path.Combine(folder, "large");
        using var file = File.Create(path);
        file.SetLength(size);
        return path;
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
