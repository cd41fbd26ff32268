using System.Text;
using Gfxbake.Formats.Rpm;
using Gfxbake.Pipeline.Staging;

namespace Gfxbake.Unit.Tests.Pipeline.Staging;

public sealed class StageTreeTests
{
    private string root = "";

    [SetUp]
    public void MakeRoot() => root = Directory.CreateTempSubdirectory("gfxbake-stage").FullName;

    [TearDown]
    public void RemoveRoot() => Directory.Delete(root, recursive: true);

    [TestCase("/etc/passwd")]
    [TestCase("./../out")]
    [TestCase("./usr/../../out")]
    [TestCase("./usr//x")]
    public void Name_that_is_no_plain_path_is_refused(string name) =>
        Assert.That(() => Unpack(Entry(name, CpioKind.File, "x")), Throws.TypeOf<StageException>());

    [TestCase("../out")]
    [TestCase("../../usr")]
    [TestCase("x/../../..")]
    [TestCase("/../etc")]
    public void Link_that_leads_out_is_refused(string target) =>
        Assert.That(() => Unpack(Entry("./link", CpioKind.Link, target)), Throws.TypeOf<StageException>());

    [Test]
    public void Absolute_link_stays_in_the_stage()
    {
        Unpack(Entry("./usr/lib/a", CpioKind.Link, "/etc/a"));

        Assert.That(new FileInfo(Path.Combine(root, "usr/lib/a")).LinkTarget, Is.EqualTo("../../etc/a"));
    }

    [Test]
    public void File_behind_a_link_is_refused() =>
        Assert.That(() => Unpack(Entry("./a", CpioKind.Link, "usr"), Entry("./a/x", CpioKind.File, "x")), Throws.TypeOf<StageException>());

    [Test]
    public void Name_that_comes_twice_is_refused() =>
        Assert.That(() => Unpack(Entry("./a", CpioKind.File, "x"), Entry("./a", CpioKind.File, "y")), Throws.TypeOf<StageException>());

    [Test]
    public void Device_is_refused() => Assert.That(() => Unpack(Entry("./dev", CpioKind.Other, "")), Throws.TypeOf<StageException>());

    [Test]
    public void More_bytes_than_allowed_are_refused() =>
        Assert.That(() => Unpack(Entry("./a", CpioKind.File, new string('x', 101))), Throws.TypeOf<StageException>());

    [Test]
    public void Size_beyond_all_bounds_is_refused() =>
        Assert.That(
            () => Unpack(Entry("./a", CpioKind.File, "x"), Entry("./b", CpioKind.File, "x") with { Bytes = long.MaxValue }),
            Throws.TypeOf<StageException>().With.Message.Contains("/b makes the stage larger")
        );

    [Test]
    public void Name_that_no_file_system_takes_is_refused() =>
        Assert.That(() => Unpack(Entry("./" + new string('x', 256), CpioKind.File, "")), Throws.TypeOf<StageException>());

    [Test]
    public void Link_in_place_of_a_folder_is_refused() =>
        Assert.That(() => Unpack(Entry("./a/x", CpioKind.File, "x"), Entry("./a", CpioKind.Link, "b")), Throws.TypeOf<StageException>());

    [Test]
    public void Second_name_behind_a_link_is_refused() =>
        Assert.That(
            () =>
                Unpack(
                    Entry("./l", CpioKind.Link, "usr"),
                    Entry("./l/a", CpioKind.File, "") with
                    {
                        Links = 2,
                    },
                    Entry("./b", CpioKind.File, "x") with
                    {
                        Links = 2,
                    }
                ),
            Throws.TypeOf<StageException>()
        );

    [Test]
    public void All_names_of_a_file_have_its_content_and_are_counted()
    {
        var count = Unpack(
            Entry("./a", CpioKind.File, "") with
            {
                Links = 3,
            },
            Entry("./d/b", CpioKind.File, "") with
            {
                Links = 3,
            },
            Entry("./c", CpioKind.File, "x") with
            {
                Links = 3,
            },
            Entry("./empty", CpioKind.File, "") with
            {
                Links = 2,
                Inode = 9,
            }
        );

        Assert.That(
            new[] { "a", "d/b", "c", "empty" }.Select(f => File.ReadAllText(Path.Combine(root, f))),
            Is.EqualTo(new[] { "x", "x", "x", "" })
        );
        Assert.That(count, Is.EqualTo(new StageCount(4, 0, 1)));
    }

    [Test]
    public void Link_that_two_packages_bring_may_be_the_same_and_no_other()
    {
        var tree = new StageTree(root, [], 100);
        tree.Unpack("p", [Entry("./l", CpioKind.Link, "a")], CancellationToken.None);
        tree.Unpack("q", [Entry("./l", CpioKind.Link, "a")], CancellationToken.None);

        Assert.That(
            () => tree.Unpack("r", [Entry("./l", CpioKind.Link, "b")], CancellationToken.None),
            Throws.TypeOf<StageException>().With.Message.EqualTo("r: /l comes a second time, after p; nothing was staged")
        );
    }

    [Test]
    public void Whatever_the_entries_nothing_lies_outside()
    {
        string[] names = ["a", "b", "..", ".", "", "a/b", "b/a"];
        var outer = Path.Combine(root, "outer");
        Rounds.Run(
            random =>
            {
                var inner = Path.Combine(outer, "x", "y");
                Directory.CreateDirectory(inner);
                var tree = new StageTree(inner, [], 1000);
                for (var i = random.Next(1, 8); i > 0; i--)
                {
                    var kind = (CpioKind)random.Next(4);
                    var entry = Entry(Name() + "/" + Name(), kind, kind == CpioKind.Link ? Name() + "/" + Name() + "/" + Name() : "x");
                    try
                    {
                        tree.Unpack("p", [entry with { Path = random.Next(3) == 0 ? entry.Path : "./" + entry.Path }], default);
                    }
                    catch (StageException) { }
                }

                // A link that leads out would show something of the folders above, among them the stage itself.
                Assert.That(Directory.EnumerateFileSystemEntries(outer), Is.EqualTo(new[] { Path.Combine(outer, "x") }));
                Assert.That(Directory.EnumerateFileSystemEntries(Path.Combine(outer, "x")), Is.EqualTo(new[] { inner }));
                foreach (var (folder, target) in Links(new DirectoryInfo(inner)))
                    Assert.That(Path.GetFullPath(Path.Combine(folder, target)) + "/", Does.StartWith(inner + "/"));
                Directory.Delete(outer, recursive: true);

                string Name() => names[random.Next(names.Length)];
            },
            cost: 10
        );
    }

    [Test]
    public void Setuid_is_left_out()
    {
        Unpack(Entry("./a", CpioKind.File, "x") with { Mode = 0b100_111_101_101 });

        Assert.That(File.GetUnixFileMode(Path.Combine(root, "a")) & UnixFileMode.SetUser, Is.EqualTo(UnixFileMode.None));
    }

    private static IEnumerable<(string Folder, string Target)> Links(DirectoryInfo folder) =>
        folder
            .EnumerateFileSystemInfos()
            .SelectMany(e =>
                e.LinkTarget is { } target ? [(folder.FullName, target)]
                : e is DirectoryInfo inner ? Links(inner)
                : []
            );

    private StageCount Unpack(params CpioEntry[] entries)
    {
        var tree = new StageTree(root, [], 100);
        tree.Unpack("p", entries, CancellationToken.None);
        return tree.Count;
    }

    private static CpioEntry Entry(string path, CpioKind kind, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        return new CpioEntry(path, kind, 0b110_100_100, 1, 1, 0, bytes.Length, new MemoryStream(bytes));
    }
}
