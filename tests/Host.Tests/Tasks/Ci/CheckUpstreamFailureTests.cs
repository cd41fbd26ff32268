using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks.Ci;

[TestFixture]
[NonParallelizable]
internal sealed class CheckUpstreamFailureTests
{
    private UpstreamSample sample = null!;

    [SetUp]
    public void SetUp() => sample = new UpstreamSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void Upstream_that_does_not_answer_is_one_line_and_the_others_are_still_asked_and_updated()
    {
        sample.Pages.Remove("/rocm/apt/");
        sample.Pages.Remove("/nightly/");

        var error = Assert.Throws<CakeException>(() => sample.Check(("update", "")))!;

        Assert.That(
            error.Message.Split('\n'),
            Is.EqualTo(
                new[]
                {
                    "not everything upstream could be asked or taken:",
                    $"  http://{sample.Address}/nightly/: it answers 404",
                    $"  http://{sample.Address}/rocm/apt/: it answers 404",
                }
            )
        );
        Assert.That(sample.Screen, Does.Contain("args.ROCM         7.2                  -                    unknown"));
        Assert.That(sample.Read(), Does.Contain("tag: v0.8.0").And.Contain("ROCM: \"7.2\""));
    }

    [Test]
    public void GitHub_that_limits_is_an_unreachable_upstream()
    {
        sample.GitHub.Faults.Add(
            new GitHubFault($"GET {UpstreamSample.Api}", 9, 403, """{"message":"API rate limit exceeded for 1.2.3.4."}""")
            {
                Headers = new() { ["x-ratelimit-remaining"] = "0", ["x-ratelimit-reset"] = "4000000000" },
            }
        );

        Assert.That(
            () => sample.Check(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains(
                    "https://github.com/ggml-org/llama.cpp: cannot list the releases of ggml-org/llama.cpp: the rate limit is used up"
                )
                .And.Message.Contains("or set GITHUB_TOKEN")
        );
    }

    [Test]
    public void Passing_faults_are_tried_again()
    {
        sample.GitHub.Faults.Add(new GitHubFault($"GET {UpstreamSample.Api}/releases", 1, 502, "<html>"));

        sample.Check();

        Assert.That(sample.Screen, Does.Contain("v0.8.0               newer"));
    }

    [Test]
    public void Tag_that_moved_is_an_error_and_never_pinned()
    {
        sample.WriteRecipe(tag: "v0.8.0");
        var before = sample.Read();

        Assert.That(
            () => sample.Check(("update", "")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains(
                    $"the tag v0.8.0 of https://github.com/ggml-org/llama.cpp now names {UpstreamSample.New}, "
                        + $"and {UpstreamSample.Old} is pinned"
                )
        );
        Assert.That(sample.Screen, Does.Contain("v0.8.0               MOVED"));
        Assert.That(
            sample.Read().Split('\n').Where(l => l.Contains("commit") || l.Contains("tag")),
            Is.EqualTo(before.Split('\n').Where(l => l.Contains("commit") || l.Contains("tag")))
        );
    }

    [TestCase("\"x\\\"; rm\"")]
    [TestCase("\"ABC\"")]
    public void Commit_that_is_none_is_never_written(string sha)
    {
        sample.GitHub.Tags["v0.8.0"] = sha.Trim('"');

        Assert.That(
            () => sample.Check(("update", "")),
            Throws.TypeOf<CakeException>().With.Message.Contains("what GitHub says of the tag v0.8.0 is no commit")
        );
        Assert.That(sample.Read(), Does.Contain(UpstreamSample.Old));
    }

    [Test]
    public void Redirected_listing_is_an_error_that_names_the_new_place()
    {
        var target = "https://elsewhere.example/apt/";
        using var moved = new SampleServer(
            (_, response) =>
            {
                response.Redirect(target);
                return "";
            }
        );
        sample.WriteRecipe(apt: $"http://{moved.Address}/rocm/apt/");

        Assert.That(
            () => sample.Check(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains($"it answers 302 and points to {target}; when that is right, correct the recipe")
        );
    }

    [Test]
    public void Archive_that_ends_early_is_not_pinned()
    {
        using var broken = new SampleServer(
            (request, response) =>
            {
                if (request.Url!.AbsolutePath == "/tarball/")
                    return "dist-gfx1151-7.14.1.tar.gz";
                response.ContentLength64 = 5000;
                response.OutputStream.Write(UpstreamSample.Tarball);
                response.OutputStream.Flush();
                response.Abort();
                return null;
            }
        );
        sample.WriteRecipe(tarball: $"http://{broken.Address}/tarball/");

        Assert.That(
            () => sample.Check(("update", "")),
            Throws.TypeOf<CakeException>().With.Message.Contains("recipes/sample/recipe.yml, archive: not updated:")
        );
        Assert.That(sample.Read(), Does.Contain(UpstreamSample.Digest).And.Contain("7.14.0.tar.gz'").And.Contain("tag: v0.8.0"));
    }

    [Test]
    public void Token_of_another_GitHub_is_not_sent()
    {
        var seen = new List<string?>();
        using var other = new SampleServer(
            (request, _) =>
            {
                seen.Add(request.Headers["Authorization"]);
                return "[]";
            }
        );
        AtomicFile.WriteText(sample.Sample.Build.PathOf("cake.config"), $"[Gfxbake]\nRecipe=sample\nGitHubApi=http://{other.Address}/\n");
        sample.Sample.Build.Fixture.Environment.Variables["GITHUB_API_URL"] = "https://sample.GitHub.example/api/v3";
        sample.Sample.Build.Fixture.Environment.Variables["GITHUB_TOKEN"] = GitHubServer.Token;

        Assert.That(() => sample.Check(), Throws.TypeOf<CakeException>());
        Assert.That(seen, Has.Count.GreaterThan(0).And.All.Null);
    }
}
