using System.Security.Cryptography;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target StageRocm, with small packages in a folder, and a dnf that only copies.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class StageRocmTests
{
    private const string LockFile = "recipes/sample/rocm.lock",
        Stage = "artifacts/sample/rocm-stage";

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Change(
            "variants:\n",
            """
            stage:
              lock: sample/rocm.lock
              release: "43"
              repositories: ["https://example.org/$releasever/"]
              version_of: hip
              packages: [hip, blas]
              places:
                library: [/usr/lib64/libamdhip64.so.*]
                table: [/usr/lib64/*.dat]
                compiler: [/usr/bin/clang++]
                device_library: [/usr/lib64/ocml.bc]
                prefix: /usr
            variants:

            """
        );
        build.Write("packages/hip-1.rpm", RpmFile.Of("hip", new RpmItem("./usr/lib64/libamdhip64.so.7", "h")));
        build.Write("packages/blas-1.rpm", RpmFile.Of("blas", new RpmItem("./usr/lib64/t.dat", "t")));
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Update_writes_sorted_lines_and_stages()
    {
        var said = Run(("from", "packages"), ("update", ""));

        Assert.That(
            File.ReadAllText(build.PathOf(LockFile)),
            Is.EqualTo(
                "# Written by StageRocm --update. docs/stage-rocm.md explains it.\n"
                    + $"{Digest("blas-1.rpm")}  file://{build.PathOf("packages")}/blas-1.rpm\n"
                    + $"{Digest("hip-1.rpm")}  file://{build.PathOf("packages")}/hip-1.rpm\n"
            )
        );
        Assert.That(
            said,
            Does.Contain("  + blas-1.rpm\n  + hip-1.rpm\nrecipes/sample/rocm.lock: 2 packages")
                .And.Contain($"ROCm 1 in {Stage}\n  2 packages, 2 files, 0 links, 0 MB\n")
        );
        Assert.That(File.ReadAllText(build.PathOf($"{Stage}/usr/lib64/t.dat")), Is.EqualTo("t"));
        Assert.That(Directory.EnumerateFiles(build.PathOf("recipes/sample")).Where(f => f.EndsWith(AtomicFile.PartialEnding)), Is.Empty);
    }

    [Test]
    public void Update_that_fails_leaves_the_lock_as_it_was()
    {
        Run(("from", "packages"), ("update", ""));
        var before = File.ReadAllText(build.PathOf(LockFile));
        File.Delete(build.PathOf("packages/blas-1.rpm"));

        Assert.That(
            () => Run(("from", "packages"), ("update", "")),
            Throws.TypeOf<CakeException>().With.Message.Contains("blas is missing")
        );
        Assert.That(File.ReadAllText(build.PathOf(LockFile)), Is.EqualTo(before));
    }

    [Test]
    public void Update_says_what_came_and_what_went()
    {
        Run(("from", "packages"), ("update", ""));
        File.Move(build.PathOf("packages/blas-1.rpm"), build.PathOf("packages/blas-2.rpm"));
        build.Write("packages/blas-2.rpm", RpmFile.Of("blas", new RpmItem("./usr/lib64/t.dat", "two")));

        Assert.That(
            Run(("from", "packages"), ("update", "")),
            Does.StartWith("  + blas-2.rpm\n  - blas-1.rpm\n").And.Contain("Staged anew: the packages or the recipe changed.")
        );
    }

    [Test]
    public void Second_run_does_nothing_and_force_does_it_all_the_same()
    {
        Run(("from", "packages"), ("update", ""));
        var made = Directory.GetCreationTimeUtc(build.PathOf(Stage));

        Assert.That(Run(("from", "packages")), Does.StartWith("Unchanged:\nROCm 1 in"));
        Assert.That(Directory.GetCreationTimeUtc(build.PathOf(Stage)), Is.EqualTo(made));
        Assert.That(Run(("from", "packages"), ("force", "")), Does.StartWith("ROCm 1 in"));
    }

    [Test]
    public void Changed_stage_is_made_anew()
    {
        Run(("from", "packages"), ("update", ""));
        build.Write($"{Stage}/usr/lib64/t.dat", "changed");

        Assert.That(Run(("from", "packages")), Does.StartWith("Staged anew: files of the stage were changed."));
        Assert.That(File.ReadAllText(build.PathOf($"{Stage}/usr/lib64/t.dat")), Is.EqualTo("t"));
    }

    [TestCase("force")]
    [TestCase("jobs", Description = "the stage is whole, and the folder is looked at all the same")]
    public void Tampered_package_fails_and_the_stage_stays(string also)
    {
        Run(("from", "packages"), ("update", ""));
        build.Write("packages/hip-1.rpm", RpmFile.Of("hip", new RpmItem("./usr/lib64/libamdhip64.so.7", "evil")));

        Assert.That(
            () => Run(("from", "packages"), (also, "")),
            Throws.TypeOf<CakeException>().With.Message.Contains("hip-1.rpm is another file").And.Message.Contains("--update")
        );
        Assert.That(File.ReadAllText(build.PathOf($"{Stage}/usr/lib64/libamdhip64.so.7")), Is.EqualTo("h"));
    }

    [Test]
    public void Without_a_lock_the_error_says_how_to_write_one() =>
        Assert.That(
            () => Run(("from", "packages")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains("recipes/sample/rocm.lock is not there yet")
                .And.Message.Contains("--recipe=sample --update")
                .And.Message.Contains("--from=DIR")
        );

    [TestCase("deadbeef  https://example.org/a.rpm\n", "recipes/sample/rocm.lock:1: 'deadbeef  https://example.org/a.rpm' is no line")]
    [TestCase("# nothing\n", "recipes/sample/rocm.lock has 0 packages; 1 to 2000 are allowed")]
    public void Lock_that_is_none_is_refused(string text, string message)
    {
        build.Write(LockFile, text);

        Assert.That(() => Run(("from", "packages")), Throws.TypeOf<CakeException>().With.Message.Contains(message));
    }

    [TestCase("nowhere")]
    [TestCase("packages/hip-1.rpm")]
    public void From_that_is_no_folder_is_refused(string from) =>
        Assert.That(
            () => Run(("from", from)),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo($"--from names {build.PathOf(from)}, which is no folder; it is one with the packages' files")
        );

    [Test]
    public void Dry_run_says_what_it_would_do_and_changes_nothing()
    {
        Assert.That(
            Run(("from", "packages"), ("update", ""), ("print-only", "")),
            Is.EqualTo(
                $"Packages: hip, blas\nFrom: {build.PathOf("packages")}\nLock: recipes/sample/rocm.lock, would be written anew\n"
                    + $"Stage: {Stage}\nNothing was changed (--dryrun).\n"
            )
        );
        Assert.That(build.PathOf(LockFile), Does.Not.Exist);
        Assert.That(build.PathOf(Stage), Does.Not.Exist);
    }

    [Test]
    public void Recipe_without_a_stage_is_told()
    {
        var text = File.ReadAllText(build.PathOf("recipes/sample/recipe.yml"));
        build.Write("recipes/sample/recipe.yml", text[..text.IndexOf("stage:")] + text[text.IndexOf("variants:")..]);

        Assert.That(() => Run(), Throws.TypeOf<CakeException>().With.Message.Contains("sample stages no packages"));
    }

    [Test]
    public void Without_dnf_update_needs_a_folder() =>
        Assert.That(
            () => Run(("update", "")),
            Throws.TypeOf<CakeException>().With.Message.Contains("dnf is missing").And.Message.Contains("--from=DIR")
        );

    [Test]
    public void Lock_of_dnf_has_the_addresses_and_asks_no_repository_of_the_machine()
    {
        build.Fixture.AddTool("dnf");
        build.Processes.Answer = Dnf;

        // The addresses are no server's: what follows the lock can't be downloaded.
        Assert.That(() => Run(("update", "")), Throws.TypeOf<CakeException>());

        Assert.That(
            File.ReadAllText(build.PathOf(LockFile)),
            Does.EndWith(
                $"\n{Digest("blas-1.rpm")}  https://127.0.0.1:1/b/blas-1.rpm\n{Digest("hip-1.rpm")}  https://127.0.0.1:1/a/hip-1.rpm\n"
            )
        );
        Assert.That(
            build.Processes.CommandLines.First().Replace("\"", ""),
            Is.EqualTo(
                "dnf --quiet --assumeyes --repofrompath=gfxbake0,https://example.org/$releasever/ --setopt=gfxbake0.gpgcheck=0 "
                    + "--repo=gfxbake0 --releasever=43 download --arch=x86_64 --arch=noarch --url hip blas"
            )
        );
    }

    [Test]
    public void Dnf_that_fails_writes_no_lock()
    {
        build.Fixture.AddTool("dnf");
        build.Processes.Answer = _ => new ProcessAnswer(1);

        Assert.That(() => Run(("update", "")), Throws.TypeOf<CakeException>().With.Message.Contains("dnf ended with 1"));
        Assert.That(build.PathOf(LockFile), Does.Not.Exist);
    }

    /// <summary>What two repositories have it names twice.</summary>
    private ProcessAnswer Dnf(ProcessCall call)
    {
        const string at = "https://127.0.0.1:1";
        string[] lines = [$"{at}/a/hip-1.rpm", $"{at}/b/blas-1.rpm", $"{at}/c/blas-1.rpm", "a word"];
        if (call.Arguments.Contains("--url"))
            return new ProcessAnswer(0, lines);
        var words = call.Arguments.Replace("\"", "").Split(' ');
        var folder = words.First(w => w.StartsWith("--destdir=", StringComparison.Ordinal))["--destdir=".Length..];
        foreach (var file in Directory.EnumerateFiles(build.PathOf("packages")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return new ProcessAnswer();
    }

    private string Digest(string package) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(build.PathOf("packages"), package))));

    private string Run(params (string Name, string Value)[] arguments)
    {
        return StandardOutput.Of(() =>
        {
            try
            {
                build.CommandLine = new CommandLine([]);
                new StageRocm().Run(build.Open(arguments));
            }
            finally
            {
                build.Interruption.Release();
            }
        });
    }
}
