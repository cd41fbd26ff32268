using System.Text.RegularExpressions;
using Cake.Core;
using Gfxbake.Host.Tasks.Exports;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tasks.Exports;

[NonParallelizable]
internal sealed partial class CleanTests
{
    private const string Inspect = "podman image inspect --format \"{{.Id}} {{.Size}} {{json .RootFS.Layers}} {{json .Config.Labels}}\"";

    private BuiltSample sample = null!;

    [SetUp]
    public void SetUp() => sample = new BuiltSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [TestCase(null, "Clean needs --what=; known: artifacts, images, containers, all")]
    [TestCase("", "--what needs a value; known: artifacts, images, containers, all (Clean)")]
    [TestCase("everything", "--what is 'everything'; known: artifacts, images, containers, all (Clean)")]
    public void Wrong_what_lists_the_known_and_removes_nothing(string? what, string message)
    {
        Assert.That(
            () => sample.Run<Clean>(what is null ? [] : [("what", what)]),
            Throws.TypeOf<CakeException>().With.Message.EqualTo(message)
        );
        Assert.Multiple(() =>
        {
            Assert.That(Directory.Exists(sample.Folder));
            Assert.That(sample.Build.Processes.Calls, Is.Empty);
        });
    }

    [Test]
    public void Artifacts_go_but_for_the_build_program_and_need_no_engine()
    {
        foreach (
            var file in new[] { ".gitignore", "dotnet/tool/host/1/x.dll", "dotnet-sdk/dotnet", "engine.json", "containers.conf", ".hidden" }
        )
        {
            Write("artifacts/" + file);
        }

        Write("elsewhere/precious");
        Directory.CreateSymbolicLink(sample.Build.PathOf("artifacts/link"), sample.Build.PathOf("elsewhere"));
        File.CreateSymbolicLink(sample.Build.PathOf("artifacts/sample/debian/link"), sample.Build.PathOf("elsewhere/precious"));

        sample.Run<Clean>(("what", "artifacts"));

        Assert.Multiple(() =>
        {
            Assert.That(
                Directory.EnumerateFileSystemEntries(sample.Build.PathOf("artifacts")).Select(System.IO.Path.GetFileName),
                Is.EquivalentTo(new[] { ".gitignore", "containers.conf", "dotnet", "dotnet-sdk", "lock", "lock.holder" })
            );
            Assert.That(File.Exists(sample.Build.PathOf("artifacts/dotnet/tool/host/1/x.dll")));
            Assert.That(File.Exists(sample.Build.PathOf("elsewhere/precious")));
            Assert.That(sample.Build.Processes.Calls, Is.Empty);
            Assert.That(
                sample.Screen,
                Does.Match(@"  +[\d.]+ kB  artifacts/sample/\n")
                    .And.Contain("artifacts/link\n")
                    .And.Contain("artifacts/containers.conf stays")
                    .And.EndWith("done\n")
            );
        });
    }

    [Test]
    public void Images_of_this_checkout_go_before_those_they_are_made_from()
    {
        List(
            "1 localhost/gfxbake-probe:MINE 1 kB",
            "2 localhost/sample:debian-base-MINE 120 MB",
            "3 localhost/sample:mine 1 MB",
            "3 localhost/other:debian-full 1 GB",
            "2 docker.io/library/debian:sid 120 MB",
            "4 localhost/sample:debian-full-MINE 8 GB",
            "4 localhost/sample:debian-full 8 GB",
            "5 localhost/sample:debian-trace-MINE 8 GB",
            "6 example.org/localhost/sample:x-full-MINE 1 GB",
            "7 localhost/gone-recipe:debian-candidate-MINE 1 GB",
            "7 localhost/gone-recipe:debian-minimal 1 GB",
            "8 localhost/sample:old-minimal 1 GB",
            "9 <none>:<none> 1 GB"
        );
        sample.Answer("podman image ls --filter", new ProcessAnswer(0, "earlier", "stage", "foreign", "other", "gone"));
        sample.Answer(
            Inspect + " earlier stage",
            new ProcessAnswer(
                0,
                """earlier 900000000 ["sha256:x"] {"gfxbake.recipe":"sample"}""",
                """stage 5 ["sha256:base","sha256:y"] null""",
                """foreign 6 ["sha256:z","sha256:base"] {"a":"b c"}""",
                """other 7 ["sha256:base"] {"gfxbake.recipe":"other"}""",
                """gone 8 ["sha256:base"] {}""",
                "empty 9 null null"
            )
        );
        sample.Answer(Inspect + " localhost/sample:debian-base", new ProcessAnswer(0, """b 1 ["sha256:base"] null"""));
        sample.Answer("podman rmi gone", new ProcessAnswer(1) { Error = ["gone: image not known"] });

        sample.Run<Clean>(("what", "images"));

        Assert.Multiple(() =>
        {
            Assert.That(
                Removed,
                Is.EqualTo(
                    new[]
                    {
                        "localhost/gone-recipe:debian-minimal",
                        "localhost/gone-recipe:debian-candidate-MINE",
                        "localhost/sample:debian-trace-MINE",
                        "localhost/sample:debian-full-MINE",
                        "localhost/sample:debian-full",
                        "localhost/sample:debian-base-MINE",
                        "localhost/gfxbake-probe:MINE",
                        "earlier",
                        "stage",
                        "gone",
                    }
                )
            );
            Assert.That(
                sample.Screen,
                Does.Contain("  image  localhost/sample:debian-full  8 GB\n")
                    .And.Contain("  image  earlier  900.0 MB, without a name\n")
                    .And.Not.Contain("gone\n")
            );
            Assert.That(Directory.Exists(sample.Folder));
        });
    }

    [Test]
    public void Images_that_another_checkout_uses_too_stay()
    {
        List(
            "2 localhost/sample:debian-base-MINE 120 MB",
            "2 localhost/sample:debian-base-01234567 120 MB",
            "4 localhost/sample:debian-full 8 GB",
            "4 localhost/sample:debian-full-01234567 8 GB",
            "5 localhost/sample:debian-full-MINE 8 GB",
            "6 localhost/sample:debian-candidate-MINE 1 GB",
            "6 localhost/sample:debian-minimal 1 GB",
            "6 localhost/sample:debian-candidate-01234567 1 GB",
            "1 localhost/gfxbake-probe:01234567 1 kB"
        );
        sample.Answer("podman image ls --filter", new ProcessAnswer(0, "earlier", "stage"));
        sample.Answer(
            Inspect + " earlier stage",
            new ProcessAnswer(0, """earlier 9 ["sha256:x"] {"gfxbake.recipe":"sample"}""", """stage 5 ["sha256:base","sha256:y"] null""")
        );
        sample.Answer(Inspect + " localhost/sample:debian-base", new ProcessAnswer(0, """b 1 ["sha256:base"] null"""));

        sample.Run<Clean>(("what", "images"));

        Assert.That(
            Removed,
            Is.EqualTo(
                new[] { "localhost/sample:debian-candidate-MINE", "localhost/sample:debian-full-MINE", "localhost/sample:debian-base-MINE" }
            )
        );
    }

    [TestCase("")]
    [TestCase("id 1")]
    [TestCase("id x [] {}")]
    [TestCase("id 1 {} {}")]
    public void Image_that_can_not_be_told_apart_is_an_error(string line)
    {
        List();
        sample.Answer("podman image ls --filter", new ProcessAnswer(0, "id"));
        sample.Answer("podman image inspect", new ProcessAnswer(0, line + " "));

        Assert.That(
            () => sample.Run<Clean>(("what", "images")),
            Throws.TypeOf<CakeException>().With.Message.StartsWith($"the engine describes an image as '{line} '")
        );
    }

    [Test]
    public void Image_that_is_in_use_stays_and_is_named_and_the_others_go()
    {
        List("1 localhost/sample:debian-base-MINE 120 MB", "2 localhost/sample:debian-full-MINE 8 GB");
        sample.Answer("podman image ls --filter", new ProcessAnswer());
        sample.Answer("podman image inspect", new ProcessAnswer());
        sample.Answer(
            "podman rmi " + Mine("localhost/sample:debian-full-MINE"),
            new ProcessAnswer(2) { Error = ["image is in use by a container"] }
        );

        Assert.That(
            () => sample.Run<Clean>(("what", "images")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    Mine(
                        "not everything could be removed:\n"
                            + "  podman rmi localhost/sample:debian-full-MINE: exit status 2: image is in use by a container"
                    )
                )
        );
        Assert.That(Removed, Has.Member("localhost/sample:debian-base-MINE"));
    }

    [Test]
    public void Containers_are_those_with_this_checkout_s_label()
    {
        sample.Answer("podman ps --all --quiet", new ProcessAnswer(0, "id1"));
        sample.Answer("podman ps --all --filter", new ProcessAnswer(0, "gfxbake-1  localhost/sample:debian-full"));

        sample.Run<Clean>(("what", "containers"));

        Assert.Multiple(() =>
        {
            Assert.That(
                Commands("ps", "rm ").Select(c => Label().Replace(c, "=0")),
                Is.EqualTo(
                    new[]
                    {
                        "podman ps --all --filter label=gfxbake.checkout=0 --format \"{{.Names}}  {{.Image}}\"",
                        "podman ps --all --quiet --filter label=gfxbake.checkout=0",
                        "podman rm --force --volumes --time 0 id1",
                    }
                )
            );
            Assert.That(sample.Screen, Does.StartWith("  container  gfxbake-1  localhost/sample:debian-full\n"));
        });
    }

    [Test]
    public void All_removes_containers_then_images_then_artifacts()
    {
        List("2 localhost/sample:debian-full-MINE 8 GB");
        sample.Answer("podman image ls --filter", new ProcessAnswer());

        sample.Run<Clean>(("what", "all"));

        Assert.That(
            sample.Screen,
            Does.Match("(?s)no containers of this checkout.*image  localhost/sample:debian-full-.*artifacts/sample/.*done")
        );
    }

    [Test]
    public void Dry_run_lists_all_that_would_go_and_removes_nothing()
    {
        sample.Answer("podman ps --all --filter", new ProcessAnswer(0, "gfxbake-1  localhost/sample:debian-full"));
        sample.Answer("podman image ls --no-trunc --format", new ProcessAnswer(0, Mine("1 localhost/sample:debian-full-MINE 8 GB")));
        sample.Answer("podman image ls --filter", new ProcessAnswer(0, "earlier"));
        sample.Answer(Inspect + " earlier", new ProcessAnswer(0, """earlier 900000000 ["sha256:x"] {"gfxbake.recipe":"sample"}"""));
        Write("artifacts/sample/debian/half.partial");

        sample.Run<Clean>(("what", "all"), ("dryrun", "print"), ("print-only", ""));

        Assert.Multiple(() =>
        {
            Assert.That(
                sample.Screen,
                Does.Match(
                    @"(?s)  container  gfxbake-1.*  image  localhost/sample:debian-full-[0-9a-f]+  8 GB\n"
                        + @"  image  earlier  900.0 MB, without a name.* kB  artifacts/sample/\n.*nothing was removed \(--dryrun\)\n\z"
                )
            );
            Assert.That(Commands("rm", "rmi"), Is.Empty);
            Assert.That(File.Exists(System.IO.Path.Combine(sample.Folder, "half.partial")));
        });
    }

    private List<string> Removed =>
        [.. Commands("rmi ").Select(c => c["podman rmi ".Length..].Replace(Containers.Checkout(sample.Build.Root), "MINE"))];

    /// <summary>Lets the engine list images; MINE stands for this checkout's digits.</summary>
    private void List(params string[] lines) =>
        sample.Answer("podman image ls --no-trunc --format", new ProcessAnswer(0, [.. lines.Select(Mine)]));

    private string Mine(string text) => text.Replace("MINE", Containers.Checkout(sample.Build.Root));

    private List<string> Commands(params string[] starts) =>
        [.. sample.Build.Processes.CommandLines.Where(c => starts.Any(s => c.StartsWith("podman " + s, StringComparison.Ordinal)))];

    private void Write(string file) => Gfxbake.Formats.Files.AtomicFile.WriteText(sample.Build.PathOf(file), file);

    [GeneratedRegex("=[0-9a-f]{16}")]
    private static partial Regex Label();
}
