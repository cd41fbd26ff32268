using System.Diagnostics;
using Cake.Core;
using Gfxbake.Host.Images;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Tools;

/// <summary>With the real git and repositories of the test's own.</summary>
[TestFixture]
internal sealed class SourceTreeTests
{
    private SampleBuild build = null!;
    private string repository = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.RealProcesses = true;
        build.Fixture.Environment.Variables["PATH"] = Environment.GetEnvironmentVariable("PATH")!;
        repository = Directory.CreateDirectory(build.PathOf("upstream")).FullName;
        Git("init", "--quiet", "--initial-branch=main");
        Write("CMakeLists.txt", "project(tool)\n");
        Write("src/tool.c", "int main(void) { return 0; }\n");
        Write(".gitignore", "build/\n");
        File.CreateSymbolicLink(Path.Combine(repository, "link"), "/etc/passwd");
        Commit("first");
        Git("tag", "v1");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Tag_is_fetched_once_and_its_version_is_the_tag()
    {
        var first = Fetched("v1", Head());
        Directory.Move(repository, repository + ".away");
        var second = Fetched();

        Assert.Multiple(() =>
        {
            Assert.That(first.Version, Is.EqualTo("v1"));
            Assert.That(first.Files, Is.EqualTo(new[] { ".gitignore", "CMakeLists.txt", "link", "src/tool.c" }));
            Assert.That(second.Folder, Is.EqualTo(first.Folder));
        });
    }

    [Test]
    public void Annotated_tag_is_taken_for_the_commit_that_it_names()
    {
        Git("tag", "--annotate", "--message", "second", "v2");

        Assert.That(Fetched("v2", Head()).Version, Is.EqualTo("v2"));
    }

    [Test]
    public void Tag_that_names_another_commit_is_refused()
    {
        var pinned = Head();
        Write("src/tool.c", "int main(void) { return 1; }\n");
        Commit("moved");
        Git("tag", "--force", "v1");

        Assert.That(
            () => Fetched("v1", pinned),
            Throws.TypeOf<CakeException>().With.Message.Contains($"is commit {Head()}, but the recipe says {pinned}")
        );
        Assert.That(Directory.Exists(build.PathOf($"artifacts/sources/tool-{pinned}")), Is.False);
    }

    [Test]
    public void Tag_that_is_not_there_is_named() =>
        Assert.That(() => Fetched("v9", Head()), Throws.TypeOf<CakeException>().With.Message.Contains("has no tag v9"));

    [Test]
    public void Repository_that_is_not_there_is_named_with_what_git_said()
    {
        build.AddSource("file:///nonexistent/repository", "v1", Head());

        Assert.That(
            () => Fetched(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains("git could not fetch tool v1 from file:///nonexistent/repository")
                .And.Message.Contains("--source=DIR")
        );
    }

    [TestCase("CMakeLists.txt", TestName = "Fetched_tree_that_was_changed_is_refused")]
    [TestCase("src/new.c", TestName = "Fetched_tree_that_got_a_file_is_refused")]
    public void Fetched_tree_is_as_it_was_fetched(string file)
    {
        var folder = Fetched("v1", Head()).Folder;
        File.WriteAllText(Path.Combine(folder, file), "changed");

        Assert.That(() => Fetched(), Throws.TypeOf<CakeException>().With.Message.Contains("is not as it was fetched"));
    }

    [Test]
    public void Local_checkout_is_taken_with_new_files_and_without_ignored_and_deleted_ones()
    {
        Write("build/out.o", "x");
        Write("src/new.c", "y");
        File.Delete(Path.Combine(repository, ".gitignore"));
        Write(".gitignore", "build/\n");
        File.Delete(Path.Combine(repository, "src/tool.c"));

        var tree = Local();

        Assert.That(tree.Files, Is.EqualTo(new[] { ".gitignore", "CMakeLists.txt", "link", "src/new.c" }));
        Assert.That(tree.Version, Is.EqualTo(Head()[..12] + "-dirty"));
    }

    [Test]
    public void Local_folder_without_git_is_taken_whole_and_links_are_not_followed()
    {
        Directory.Delete(Path.Combine(repository, ".git"), recursive: true);
        Directory.CreateDirectory(Path.Combine(repository, "third/.git"));
        Write("third/.git/config", "x");
        File.CreateSymbolicLink(Path.Combine(repository, "third/up"), "..");

        var tree = Local();

        Assert.That(tree.Files, Is.EqualTo(new[] { ".gitignore", "CMakeLists.txt", "link", "src/tool.c", "third/up" }));
        Assert.That(tree.Version, Is.EqualTo("local"));
    }

    [Test]
    public void Copy_keeps_links_and_modes_and_has_nothing_of_git()
    {
        File.SetUnixFileMode(Path.Combine(repository, "src/tool.c"), (UnixFileMode)0b111_101_101);
        var copy = build.PathOf("copy");

        Local().CopyTo(copy);

        Assert.Multiple(() =>
        {
            Assert.That(new FileInfo(Path.Combine(copy, "link")).LinkTarget, Is.EqualTo("/etc/passwd"));
            Assert.That(File.GetUnixFileMode(Path.Combine(copy, "src/tool.c")), Is.EqualTo((UnixFileMode)0b111_101_101));
            Assert.That(Directory.Exists(Path.Combine(copy, ".git")), Is.False);
        });
    }

    [Test]
    public void Fingerprint_follows_the_content_of_a_local_checkout()
    {
        build.AddSource("file://" + repository, "v1", Head());
        var context = build.Open(("variant", "native"), ("source", repository));
        var before = Local(context).Fingerprint();
        Write("src/tool.c", "int main(void) { return 2; }\n");

        Assert.That(Local(context).Fingerprint(), Is.Not.EqualTo(before));
    }

    [Test]
    public void Local_repository_without_commits_is_taken()
    {
        Directory.Delete(Path.Combine(repository, ".git"), recursive: true);
        Git("init", "--quiet");
        Write("build/out.o", "x");

        var tree = Local();

        Assert.That(tree.Files, Is.EqualTo(new[] { ".gitignore", "CMakeLists.txt", "link", "src/tool.c" }));
        Assert.That(tree.Version, Is.EqualTo("local"));
    }

    [TestCase(true, TestName = "Fetched_tree_that_became_a_folder_of_another_repository_is_refused")]
    [TestCase(false, TestName = "Fetched_tree_that_lost_its_commits_is_refused")]
    public void Fetched_tree_is_a_repository(bool isFolder)
    {
        var folder = Fetched("v1", Head()).Folder;
        Directory.Delete(Path.Combine(folder, ".git"), recursive: true);
        Git("init", "--quiet", isFolder ? build.Root : folder);

        Assert.That(() => Fetched(), Throws.TypeOf<CakeException>().With.Message.Contains("is not as it was fetched"));
    }

    [TestCase("nowhere", "there is no folder ")]
    [TestCase("recipes", " has no CMakeLists.txt")]
    public void Local_folder_that_is_no_checkout_is_refused(string folder, string message)
    {
        build.AddSource("file://" + repository, "v1", Head());

        Assert.That(
            () => Local(build.Open(("variant", "native"), ("source", folder))),
            Throws.TypeOf<CakeException>().With.Message.Contains(message)
        );
    }

    [Test]
    public void Recipe_says_which_file_a_checkout_has()
    {
        build.AddSource("file://" + repository, "v1", Head());
        build.Change("commit: " + Head(), $"commit: {Head()}\n      has: go.mod");

        Assert.That(
            () => Local(build.Open(("variant", "native"), ("source", repository))),
            Throws.TypeOf<CakeException>().With.Message.Contains(" has no go.mod")
        );
    }

    private SourceTree Fetched(string tag, string commit)
    {
        build.AddSource("file://" + repository, tag, commit);
        return Fetched();
    }

    private SourceTree Fetched()
    {
        var context = build.Open(("variant", "native"));
        return SourceTree.Fetched(context, context.Variant.Source!);
    }

    private static SourceTree Local(BuildContext context) => SourceTree.Local(context, BuildArguments.LocalFolders(context)["tool"]);

    private SourceTree Local()
    {
        build.AddSource("file:///nonexistent/repository", "v1", new string('0', 40));
        return Local(build.Open(("variant", "native"), ("source", repository)));
    }

    private string Head() => Git("rev-parse", "HEAD").Trim();

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(repository, file))!);
        File.WriteAllText(Path.Combine(repository, file), text);
    }

    private void Commit(string message)
    {
        Git("add", "--all");
        Git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", message);
    }

    private string Git(params string[] words)
    {
        var start = new ProcessStartInfo("git", ["-c", "user.name=test", "-c", "user.email=test@example.org", .. words])
        {
            WorkingDirectory = repository,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, string.Join(' ', words));
        return output;
    }
}
