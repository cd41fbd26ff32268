using System.Diagnostics;
using System.Runtime.InteropServices;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks.Ci;

/// <summary>The targets as people start them: the whole build program in a process of its own.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class CommandLineTests
{
    private ReleasableSample sample = null!;

    [SetUp]
    public void SetUp() => sample = new ReleasableSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void Release_dry_run_then_release()
    {
        var dry = Run(token: null, "--target=Release", "--repository=" + GitHubServer.Repository, "--dryrun");

        Assert.That(dry.Status, Is.Zero, dry.Output);
        Assert.That(dry.Output, Does.Contain("nothing was sent (--dryrun)"));
        Assert.That(sample.GitHub.Requests, Is.Empty);

        var real = Run(GitHubServer.Token, "--target=Release", "--repository=" + GitHubServer.Repository);

        Assert.That(real.Status, Is.Zero, real.Output);
        Assert.That(
            real.Output,
            Does.Contain("released: https://github.com/someone/images/releases/tag/sample-debian-1.2").And.Not.Contain(GitHubServer.Token)
        );
        Assert.That((bool)sample.GitHub.Releases.Single()["draft"]!, Is.False);
    }

    // With a heap of a fifth of the file: holding it, or a part of it, would end in an OutOfMemoryException.
    [Test]
    public void Large_file_is_released_without_holding_it()
    {
        const int size = 300_000_000;
        sample.Export(size);
        sample.LimitAssets(size - 1);

        var run = Run(GitHubServer.Token, ["--target=Release", "--repository=" + GitHubServer.Repository], heap: size / 5);

        Assert.That(run.Status, Is.Zero, run.Output);
        Assert.That(
            sample.GitHub.AssetsOf(ReleasableSample.Tag).Where(a => ((string)a["name"]!).Contains(".part-")).Select(a => (int)a["size"]!),
            Is.EqualTo(new[] { size - 1, 1 })
        );
    }

    [Test]
    public void Interrupted_upload_leaves_a_draft_and_the_same_command_goes_on()
    {
        using var reached = new ManualResetEventSlim();
        using var ended = new ManualResetEventSlim();
        sample.GitHub.OnRequest = what =>
        {
            if (!what.StartsWith("POST /api/uploads", StringComparison.Ordinal))
                return;
            reached.Set();
            ended.Wait(TimeSpan.FromSeconds(60));
        };
        using var build = new RunningBuild(
            Start(GitHubServer.Token, ["--target=Release", "--repository=" + GitHubServer.Repository], heap: null, limit: [])
        );
        Assert.That(reached.Wait(TimeSpan.FromSeconds(60)), build.Output);

        build.Signal(PosixSignal.SIGINT);
        var first = build.End(TimeSpan.FromSeconds(30));
        ended.Set();

        Assert.That(first.Status, Is.EqualTo(130), first.Output);
        Assert.That((bool)sample.GitHub.Releases.Single()["draft"]!, Is.True);
        var again = Run(GitHubServer.Token, "--target=Release", "--repository=" + GitHubServer.Repository);
        Assert.That(again.Status, Is.Zero, again.Output);
        Assert.That((bool)sample.GitHub.Releases.Single()["draft"]!, Is.False);
    }

    [Test]
    public void Wrong_token_ends_with_a_status_and_is_not_shown()
    {
        var run = Run("ghp_wrongSecret", "--target=Release", "--repository=" + GitHubServer.Repository, "--verbosity=diagnostic");

        Assert.That(run.Status, Is.EqualTo(1), run.Output);
        Assert.That(run.Output, Does.Contain("401: Bad credentials").And.Not.Contain("wrongSecret"));
    }

    [TestCase("--target=Release", "--dryrun=yes")]
    [TestCase("--target=NoSuchTarget")]
    [TestCase("--target=Help", "--no-such-argument")]
    public void Anything_that_fails_ends_with_1(params string[] arguments) =>
        Assert.That(Run(token: null, arguments).Status, Is.EqualTo(1));

    [Test]
    public void CheckUpstream_updates_the_recipe_and_fails_for_what_does_not_answer()
    {
        using var web = new SampleServer(
            (request, response) =>
            {
                if (request.Url!.AbsolutePath == "/apt/")
                    return "<a href=\"7.2.1/\">";
                response.StatusCode = 404;
                return "";
            }
        );
        sample.Sample.ChangeRecipe(
            $$"""
            args: {ROCM: "7.2", HIP: "6"}
                upstream:
                  - {pin: args.ROCM, index: 'http://{{web.Address}}/apt/', match: '(?<version>[0-9.]+)/'}
                  - {pin: args.HIP, index: 'http://{{web.Address}}/hip/', match: '(?<version>[0-9.]+)/'}
            """
        );

        var run = Run(token: null, "--target=CheckUpstream", "--update");

        Assert.That(run.Status, Is.EqualTo(1), run.Output);
        Assert.That(run.Output, Does.Contain($"http://{web.Address}/hip/: it answers 404").And.Contain("  - 7.2\n  + 7.2.1\n"));
        Assert.That(
            File.ReadAllText(sample.Sample.Build.PathOf("recipes/sample/recipe.yml")),
            Does.Contain("args: {ROCM: \"7.2.1\", HIP: \"6\"}")
        );
    }

    private Outcome Run(string? token, params string[] arguments) => Run(token, arguments, heap: null);

    private Outcome Run(string? token, string[] arguments, int? heap)
    {
        using var process = Start(token, arguments, heap, limit: ["timeout", "120"]);
        return Checkout.Finish(process);
    }

    private Process Start(string? token, string[] arguments, int? heap, string[] limit)
    {
        // The sample's own runs hold its lock, and the process would wait for it.
        sample.Sample.Build.Interruption.Release();
        string[] words =
        [
            .. limit,
            "dotnet",
            "exec",
            typeof(BuildContext).Assembly.Location,
            "--working=" + sample.Sample.Build.Root,
            .. arguments,
        ];
        var info = new ProcessStartInfo("env", [.. Checkout.NotIgnoringInterrupts, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["GITHUB_API_URL"] = sample.GitHub.Address + "api/v3";
        info.Environment.Remove("GITHUB_REPOSITORY");
        info.Environment.Remove("GITHUB_TOKEN");
        if (token is not null)
            info.Environment["GITHUB_TOKEN"] = token;
        if (heap is { } bytes)
            info.Environment["DOTNET_GCHeapHardLimit"] = $"{bytes:x}";
        return Process.Start(info)!;
    }
}
