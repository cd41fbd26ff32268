using System.Runtime.Versioning;
using System.Text;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Package;

[SupportedOSPlatform("linux")]
public sealed class TreeReaderTests
{
    private string root = null!;

    [SetUp]
    public void Make()
    {
        root = Directory.CreateTempSubdirectory("gfxbake-tree").FullName;
        Put("code/run.py", "run");
        Put("code/module/b.py", "b");
        Put("code/module/a.py", "a");
        Put("code/module/__pycache__/a.pyc", "cache");
        Put("code/tests/t.py", "t");
        Put("start", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(root, "start"), (UnixFileMode)0x1f8);
    }

    [TearDown]
    public void Delete() => Directory.Delete(root, recursive: true);

    [Test]
    public void Folder_gives_what_its_patterns_name_in_order() =>
        Assert.That(
            Read(Tree("code", "/usr/share/tool", "/run.py", "/module/*.py"))
                .Select(f => (f.Path, f.Mode, Encoding.UTF8.GetString(f.Content))),
            Is.EqualTo(
                new[]
                {
                    ("/usr/share/tool/module/a.py", 0x1a4, "a"),
                    ("/usr/share/tool/module/b.py", 0x1a4, "b"),
                    ("/usr/share/tool/run.py", 0x1a4, "run"),
                }
            )
        );

    [Test]
    public void Folder_without_patterns_gives_all_of_it() => Assert.That(Read(Tree("code", "/usr/share/tool")), Has.Count.EqualTo(5));

    // Whatever the checkout's umask was, a package has two modes.
    [Test]
    public void File_keeps_its_right_to_be_run_and_stands_in_anothers_place()
    {
        var file = Read(Tree("start", "{home}/usr/bin/tool") with { Replaced = "tool-ordinary" }).Single();

        Assert.That((file.Path, file.Mode, file.Replaced), Is.EqualTo(("/usr/lib/tool-gpu/usr/bin/tool", 0x1ed, "tool-ordinary")));
    }

    [Test]
    public void Licence_goes_to_those_of_the_package() =>
        Assert.That(Read(Tree("start", "{licenses}/more/LICENSE")).Single().Path, Is.EqualTo("/usr/share/licenses/tool-gpu/more/LICENSE"));

    [TestCase("gone", "", "packages.trees: gone is not there in the source air")]
    [TestCase("start", "/x", "packages.trees: start is a file, so 'files' says nothing")]
    [TestCase("code", "/*.txt", "packages.trees: code has nothing that '/*.txt' fits")]
    public void Tree_that_gives_nothing_is_an_error(string source, string files, string message) =>
        Assert.That(
            () => Read(Tree(source, "/usr/share/tool", files.Length == 0 ? [] : [files]) with { From = "air" }),
            Throws.TypeOf<PackageException>().With.Message.EqualTo(message)
        );

    [Test]
    public void Folder_can_not_replace_a_file() =>
        Assert.That(
            () => Read(Tree("code", "{home}/usr/bin/tool") with { Replaced = "other" }),
            Throws.TypeOf<PackageException>().With.Message.Contains("only a file can stand in another's place")
        );

    [TestCase("code/module/link", "code", "packages.trees: code/module/link is a link")]
    [TestCase("link", "link", "packages.trees: link is a link, or leads through one")]
    [TestCase("link", "link/passwd", "packages.trees: link/passwd is a link, or leads through one")]
    public void Link_is_followed_nowhere(string link, string source, string message)
    {
        File.CreateSymbolicLink(Path.Combine(root, link), "/etc");

        Assert.That(() => Read(Tree(source, "/usr/share/tool")), Throws.TypeOf<PackageException>().With.Message.EqualTo(message));
    }

    [TestCase("a b")]
    [TestCase("a\nb")]
    [TestCase("$(a)")]
    public void Name_that_a_shell_would_read_is_refused(string name)
    {
        Put("code/" + name, "");

        Assert.That(() => Read(Tree("code", "/usr/share/tool")), Throws.TypeOf<PackageException>().With.Message.Contains("whose name"));
    }

    [Test]
    public void Trees_together_have_a_bound()
    {
        using (var large = File.Create(Path.Combine(root, "large")))
            large.SetLength(9 << 20);
        var reader = new TreeReader(new RuntimePlaces("tool-gpu"));
        var tree = Tree("large", "/usr/share/large");

        Assert.That(() => reader.Read(tree, root), Throws.Nothing);
        Assert.That(() => reader.Read(tree, root), Throws.TypeOf<PackageException>().With.Message.Contains("16 MiB at most"));
    }

    private IReadOnlyList<TreeFile> Read(PackageTree tree) => new TreeReader(new RuntimePlaces("tool-gpu")).Read(tree, root);

    private static PackageTree Tree(string source, string target, params string[] files) =>
        new()
        {
            Source = source,
            Target = target,
            Files = files,
        };

    private void Put(string name, string text)
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
