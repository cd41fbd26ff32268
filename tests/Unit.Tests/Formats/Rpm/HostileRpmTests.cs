using System.Buffers.Binary;
using Gfxbake.Formats.Rpm;
using Gfxbake.Formats.Tar;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Formats.Rpm;

/// <summary>A database may say anything: the reader ends soon, with an error or an answer, and takes little memory.</summary>
public class HostileRpmTests
{
    private const string Place = "/usr/lib/sysimage/rpm/rpmdb.sqlite";

    // Tables of the image, buffers and the messages of errors, beside what follows from the file's length.
    private const long SmallChange = 4 << 20;

    [Test]
    public void Database_of_any_size_and_page_size_is_read_as_it_was_written() =>
        Rounds.Run(
            random =>
            {
                var packages = Enumerable.Range(0, random.Next(60)).Select(i => Package(random, $"p{i:d3}")).ToList();
                var bytes = SqliteBuilder.Build(packages.Select(p => p.Header.Build()), 512 << random.Next(8));

                using var image = Image(bytes, packages.SelectMany(p => p.Files));
                var database = RpmDatabase.Read(image.FileSystem)!;

                Assert.That(database.Packages.Select(p => p.Name), Is.EqualTo(packages.Select(p => p.Name)));
                foreach (var (name, _, files) in packages)
                    Assert.That(files.Select(database.OwnerOf), Is.All.EqualTo(name));
            },
            cost: 50
        );

    [Test]
    public void Damaged_database_gives_an_error_or_an_answer() =>
        Rounds.Run(
            random =>
            {
                var packages = Enumerable.Range(0, random.Next(1, 8)).Select(i => Package(random, $"p{i}")).ToList();
                var bytes = SqliteBuilder.Build(packages.Select(p => p.Header.Build()), 512 << random.Next(3));
                for (var i = random.Next(1, 6); i > 0; i--)
                {
                    // Where headers stand, of the file, of pages and of packages, a change does more than in texts.
                    var at = random.Next(3) == 0 ? random.Next(bytes.Length) : random.Next(bytes.Length / 512) * 512 + random.Next(60);
                    bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
                }

                if (random.Next(4) == 0)
                    bytes = bytes[..random.Next(bytes.Length)];
                Survives(bytes, packages.SelectMany(p => p.Files));
            },
            cost: 2
        );

    [Test]
    public void Damaged_header_gives_an_error_or_an_answer() =>
        Rounds.Run(
            random =>
            {
                var (_, header, files) = Package(random, "p");
                var blob = header.Build();
                for (var i = random.Next(1, 6); i > 0; i--)
                    blob[random.Next(blob.Length)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
                Survives(SqliteBuilder.Build([blob]), files);
            },
            cost: 2
        );

    [TestCase(0u, "a package without a name")]
    [TestCase(uint.MaxValue, "tag 1117 has 4294967295 values")]
    [TestCase(1_000_001u, "tag 1117 has 1000001 values")]
    public void Number_of_values_is_held_against_the_data(uint count, string message) =>
        Fails(count == 0 ? new RpmHeaderBuilder() : RpmHeaderBuilder.Package("p").Add(1117, 8, count, "a\0"u8.ToArray()), message);

    [TestCase(1116u, 4u, "0 files in 1 folders")]
    [TestCase(1118u, 6u, "tag 1118 is of type 6")]
    [TestCase(1117u, 8u, "a text of tag 1117 does not end")]
    public void Value_of_a_wrong_kind_is_an_error(uint tag, uint type, string message) =>
        Fails(RpmHeaderBuilder.Package("p").Add(tag, type, 1, [1, 1, 1, 1]), message);

    [Test]
    public void Folder_that_the_package_has_not_is_an_error() =>
        Fails(RpmHeaderBuilder.Package("p").Numbers(1116, 7).Texts(1117, "f").Texts(1118, "/"), "package 'p': file 0 is in folder 7 of 1");

    [TestCase("usr/bin/")]
    [TestCase("")]
    public void Relative_path_is_an_error(string folder) =>
        Fails(RpmHeaderBuilder.Package("p").Numbers(1116, 0).Texts(1117, "f").Texts(1118, folder), "no absolute path");

    [TestCase(1000u, "a name", 257)]
    [TestCase(1001u, "a version", 300)]
    public void Name_that_no_package_has_is_not_printed(uint tag, string what, int length)
    {
        Fails(RpmHeaderBuilder.Package("p").Text(tag, new string('n', length)), $"{what} of {length} characters that no package has");
        Fails(RpmHeaderBuilder.Package("p").Text(tag, "a\u001b[2J"), $"{what} of 5 characters that no package has");
    }

    [Test]
    public void Text_that_is_too_long_is_an_error() =>
        Fails(RpmHeaderBuilder.Package("p").Text(1014, new string('l', 70_000)), "package 'p': a text of tag 1014 is too long");

    [Test]
    public void Circle_of_pages_ends()
    {
        var bytes = SqliteBuilder.Build(Enumerable.Range(0, 40).Select(i => RpmHeaderBuilder.Package($"p{i}").Build()), 512);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(512 + 8), 2);

        Fails(bytes, "its page 2 is used twice");
    }

    [Test]
    public void Rows_longer_than_the_file_are_not_made()
    {
        var blob = RpmHeaderBuilder.Package("p").Text(1014, new string('x', 5000)).Build();
        var bytes = SqliteBuilder.Build(Enumerable.Repeat(blob, 6), 65536);
        // All cells of the leaf are the first one, so that little file has many rows.
        const int leaf = 65536;
        const ushort cells = 20000;
        var first = bytes.AsSpan(leaf + 8, 2).ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(leaf + 3), cells);
        for (var i = 0; i < cells; i++)
            first.CopyTo(bytes, leaf + 8 + 2 * i);

        Survives(bytes, []);
        Fails(bytes, "");
    }

    [TestCase(16, 3, "its pages are")]
    [TestCase(20, 255, "its pages are 512 bytes long, of which 255 are reserved")]
    [TestCase(19, 3, "it is of version 3")]
    [TestCase(59, 2, "its text encoding is 2")]
    [TestCase(0, 0, "it is no SQLite 3 database")]
    public void File_of_another_kind_is_named(int at, byte value, string message)
    {
        var bytes = SqliteBuilder.Build([], 512);
        bytes[at] = value;

        Fails(bytes, $"'{Place}': {message}");
    }

    [Test]
    public void Database_without_the_table_is_an_error() => Fails(SqliteBuilder.Build([], 512, "Other"), "it has no table Packages");

    private static void Fails(RpmHeaderBuilder header, string message) => Fails(RpmDatabaseTests.Database(header), message);

    private static void Fails(byte[] bytes, string message)
    {
        using var image = Image(bytes, []);

        Assert.That(() => RpmDatabase.Read(image.FileSystem), Throws.InstanceOf<ImageFormatException>().With.Message.Contains(message));
    }

    private static void Survives(byte[] bytes, IEnumerable<string> files)
    {
        using var image = Image(bytes, files);
        var system = image.FileSystem;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            RpmDatabase.Read(system);
        }
        catch (ImageFormatException) { }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(SmallChange + 64L * bytes.Length));
    }

    private static TestImage Image(byte[] database, IEnumerable<string> files)
    {
        var image = new TestImage().File(Place, database);
        foreach (var file in files)
            image.Text(file, "x");
        return image;
    }

    private static (string Name, RpmHeaderBuilder Header, string[] Files) Package(Random random, string name)
    {
        string[] files = [.. Enumerable.Range(0, random.Next(30)).Select(i => $"/opt/{name}/{(char)('a' + random.Next(3))}/{i}")];
        var header = RpmHeaderBuilder.Package(name, [.. files.Select(f => (f, (uint)random.Next(256)))]);
        if (random.Next(2) == 0)
            header.Text(1044, $"{name}-1-1.src.rpm").Text(1014, new string('l', random.Next(3000)));
        return (name, header, files);
    }
}
