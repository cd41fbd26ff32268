using Gfxbake.Pipeline.Units;

namespace Gfxbake.Unit.Tests.Pipeline.Units;

public sealed class UnitFolderTests
{
    private string root = null!;

    [SetUp]
    public void SetUp() => root = Directory.CreateTempSubdirectory("gfxbake-units").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    public void File_of_last_time_is_written_anew()
    {
        Write(File("a", "1"), File("b", "1"));

        Assert.That(Changes(File("a", "2"), File("b", "1"), File("c", "1")), Is.EqualTo("Changed Same New"));

        Write(File("a", "2"), File("b", "1"), File("c", "1"));

        Assert.That(Text("a"), Is.EqualTo("2"));
        Assert.That(Changes(File("a", "3"), File("b", "3"), File("c", "3")), Is.EqualTo("Changed Changed Changed"));
    }

    [Test]
    public void File_that_somebody_changed_stays_and_nothing_is_written()
    {
        Write(File("a", "1"));
        System.IO.File.AppendAllText(Path.Combine(root, "a"), "# mine\n");

        Assert.That(
            () => Write(File("a", "2"), File("b", "2")),
            Throws.TypeOf<UnitException>().With.Message.Contains("a in ").And.Message.Contains("--force")
        );
        Assert.That(Text("a"), Is.EqualTo("1# mine\n"));
        Assert.That(Path.Combine(root, "b"), Does.Not.Exist);

        Write(force: true, File("a", "2"));
        Assert.That(Text("a"), Is.EqualTo("2"));
    }

    [Test]
    public void File_of_somebody_else_stays()
    {
        System.IO.File.WriteAllText(Path.Combine(root, "a"), "theirs");

        Assert.That(() => Write(File("a", "1")), Throws.TypeOf<UnitException>());
        Assert.That(Text("a"), Is.EqualTo("theirs"));
    }

    [Test]
    public void File_of_somebody_else_with_the_same_text_is_no_reason_to_stop()
    {
        System.IO.File.WriteAllText(Path.Combine(root, "a"), "1");

        Assert.That(() => Write(File("a", "1")), Throws.Nothing);
    }

    [Test]
    public void Link_is_somebody_elses()
    {
        var target = Path.Combine(root, "target");
        System.IO.File.WriteAllText(target, "theirs");
        System.IO.File.CreateSymbolicLink(Path.Combine(root, "a"), target);

        Assert.That(() => Write(File("a", "1")), Throws.TypeOf<UnitException>());
        Assert.That(System.IO.File.ReadAllText(target), Is.EqualTo("theirs"));
    }

    [Test]
    public void Sha256sum_reads_the_list()
    {
        Write(File("a", "1"), File("b", "2"));

        Assert.That(
            System.IO.File.ReadAllLines(Path.Combine(root, UnitFolder.List)),
            Is.EqualTo(
                new[]
                {
                    "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  a",
                    "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35  b",
                }
            )
        );
    }

    private static UnitFile File(string name, string text) => new("format", name, text, "");

    private string Changes(params UnitFile[] files) => string.Join(' ', new UnitFolder(root).Changes(files).Select(c => c.Change));

    private void Write(params UnitFile[] files) => Write(force: false, files);

    private void Write(bool force, params UnitFile[] files) => new UnitFolder(root).Write(files, force);

    private string Text(string name) => System.IO.File.ReadAllText(Path.Combine(root, name));
}
