using Gfxbake.Formats.Files;

namespace Gfxbake.Unit.Tests.Formats.Files;

public sealed class SweepTests
{
    private static readonly EnumerationOptions NoLinks = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private string folder = "";

    [SetUp]
    public void Create()
    {
        folder = Directory.CreateTempSubdirectory("sweep").FullName;
        Write("outside/x.partial");
        Write("outside/y.partial/inside");
        Write("artifacts/build/a/x");
    }

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Sweep_deletes_partial_files_and_folders_only()
    {
        Write("artifacts/build/a/x.partial");
        Write("artifacts/build/a/y.partial/deep/x.partial");
        Write("artifacts/x.partial");

        Sweep("artifacts/build");

        Assert.That(
            Left,
            Is.EqualTo(new[] { "artifacts/build/a/x", "artifacts/x.partial", "outside/x.partial", "outside/y.partial/inside" })
        );
    }

    [TestCase("artifacts/build/a/link", "outside")]
    [TestCase("artifacts/build/link", "outside")]
    [TestCase("artifacts/build/a/link", "outside/y.partial")]
    public void Sweep_leaves_what_a_link_leads_to(string link, string target)
    {
        Link(link, target);

        Sweep("artifacts/build");

        Assert.That(Left, Does.Contain("outside/x.partial").And.Contain("outside/y.partial/inside"));
        Assert.That(new DirectoryInfo(PathOf(link)).LinkTarget, Is.Not.Null);
    }

    [TestCase("outside")]
    [TestCase("outside/x.partial")]
    [TestCase("gone")]
    public void Sweep_deletes_a_link_of_its_ending_and_not_its_target(string target)
    {
        Link("artifacts/build/a/l.partial", target);

        Sweep("artifacts/build");

        Assert.That(new FileInfo(PathOf("artifacts/build/a/l.partial")).LinkTarget, Is.Null);
        Assert.That(Left, Does.Contain("outside/x.partial").And.Contain("outside/y.partial/inside"));
    }

    [Test]
    public void Links_inside_a_partial_folder_are_not_followed()
    {
        Directory.CreateDirectory(PathOf("artifacts/build/p.partial"));
        Link("artifacts/build/p.partial/link", "outside");

        Sweep("artifacts/build");

        Assert.That(Left, Is.EqualTo(new[] { "artifacts/build/a/x", "outside/x.partial", "outside/y.partial/inside" }));
    }

    [TestCase("artifacts/recipe", "artifacts/recipe/variant")]
    [TestCase("artifacts/recipe", "artifacts/recipe")]
    public void Folder_behind_a_link_is_left_alone(string link, string swept)
    {
        Write("outside/variant/z.partial");
        Link(link, "outside");

        Sweep(swept);

        Assert.That(Left, Does.Contain("outside/variant/z.partial").And.Contain("outside/x.partial"));
    }

    [Test]
    public void Root_may_be_a_link()
    {
        Write("disk/build/x.partial");
        Directory.Delete(PathOf("artifacts"), recursive: true);
        Link("artifacts", "disk");

        Sweep("artifacts/build");

        Assert.That(Left, Is.EqualTo(new[] { "outside/x.partial", "outside/y.partial/inside" }));
    }

    [Test]
    public void Missing_folder_is_nothing_to_sweep() => Assert.That(() => Sweep("artifacts/none/at/all"), Throws.Nothing);

    private List<string> Left =>
        [.. Directory.EnumerateFiles(folder, "*", NoLinks).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];

    private string PathOf(string name) => Path.Combine(folder, name);

    private void Sweep(string name) => AtomicFile.Sweep(PathOf("artifacts"), PathOf(name));

    private void Link(string name, string target) => File.CreateSymbolicLink(PathOf(name), PathOf(target));

    private void Write(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), "");
    }
}
