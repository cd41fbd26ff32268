using Cake.Core;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks.Ci;

[TestFixture]
[NonParallelizable]
internal sealed class ReleaseFailureTests
{
    private const string Api = "/api/v3/repos/" + GitHubServer.Repository,
        Uploads = "/api/uploads/repos/" + GitHubServer.Repository;

    private ReleasableSample sample = null!;

    private GitHubServer GitHub => sample.GitHub;

    [SetUp]
    public void SetUp() => sample = new ReleasableSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [TestCase("GET " + Api + "/releases", 503)]
    [TestCase("POST " + Api + "/releases", 500)]
    [TestCase("POST " + Uploads, 502)]
    [TestCase("PATCH " + Api, 504)]
    [TestCase("GET " + Api + "/commits", 0)]
    public void Passing_fault_of_the_server_is_tried_again(string start, int status)
    {
        GitHub.Faults.Add(new GitHubFault(start, 1, status, """{"message":"Server Error"}"""));

        sample.Release();

        Assert.That((bool)GitHub.Releases.Single()["draft"]!, Is.False);
        Assert.That(GitHub.AssetsOf(ReleasableSample.Tag), Has.Count.EqualTo(5));
        Assert.That(sample.Log, Has.Some.Contains("; try 2 of 5 in 1 s"));
    }

    // Each of these lets Octokit throw something else.
    [TestCase("GET " + Api + "/releases", "<html>proxy</html>")]
    [TestCase("GET " + Api + "/releases", """[{"id":1,"tag_name":""")]
    [TestCase("GET " + Api + "/releases", "[1]")]
    [TestCase("GET " + Api + "/releases", "\"text\"")]
    [TestCase("GET " + Api + "/releases", """[{"id":"abc"}]""")]
    [TestCase("GET " + Api + "/commits", """{"sha":{}}""")]
    [TestCase("GET " + Api + "/releases/", """[{"id":99999999999}]""")]
    [TestCase("POST " + Api + "/releases", "")]
    [TestCase("POST " + Api + "/releases", "null")]
    [TestCase("POST " + Uploads, "<html>proxy</html>", 201)]
    public void Answer_that_is_not_the_expected_JSON_is_an_error_that_says_so(string start, string body, int status = 200)
    {
        GitHub.Faults.Add(new GitHubFault(start, 99, status, body));

        Assert.That(
            () => sample.Release(),
            Throws.TypeOf<CakeException>().With.Message.Contains("127.0.0.1 answers with something else than GitHub's JSON (")
        );
        Assert.That(GitHub.Releases, Has.None.Matches<System.Text.Json.Nodes.JsonObject>(r => !(bool)r!["draft"]!));
    }

    [Test]
    public void List_with_something_else_in_it_is_read_without_it()
    {
        GitHub.Faults.Add(new GitHubFault($"GET {Api}/releases", 1, 200, "[null,{}]"));
        GitHub.OnRequest = what =>
        {
            if (what == $"POST {Api}/releases")
                GitHub.Faults.Add(new GitHubFault($"GET {Api}/releases/", 1, 200, "[null,{}]"));
        };

        sample.Release();

        Assert.That((bool)GitHub.Releases.Single()["draft"]!, Is.False);
    }

    [Test]
    public void Draft_whose_answer_got_lost_is_not_made_twice()
    {
        GitHub.OnRequest = what =>
        {
            if (what != $"POST {Api}/releases")
                return;
            GitHub.AddRelease(ReleasableSample.Tag, draft: true, "<!-- gfxbake release: sample debian -->");
            GitHub.Faults.Add(new GitHubFault(what, 1, 502, "<html>bad gateway</html>"));
        };

        sample.Release();

        Assert.That(GitHub.Releases, Has.Count.EqualTo(1));
    }

    [TestCase(403, "API rate limit exceeded for installation ID 1.", "x-ratelimit-reset")]
    [TestCase(429, "API rate limit exceeded for installation ID 1.", "x-ratelimit-reset")]
    [TestCase(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", "retry-after")]
    [TestCase(429, "You have exceeded a secondary rate limit.", "retry-after")]
    [TestCase(403, "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.", "retry-after")]
    public void Rate_limit_is_waited_for_as_the_answer_says(int status, string message, string header)
    {
        // One limit while the release is made, the other while a file is uploaded.
        GitHub.Faults.Add(
            new GitHubFault(status == 403 ? $"POST {Api}/releases" : $"POST {Uploads}", 1, status, $$"""{"message":"{{message}}"}""")
            {
                Headers =
                    header == "retry-after"
                        ? new() { [header] = "3" }
                        : new() { ["x-ratelimit-remaining"] = "0", [header] = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 4}" },
            }
        );

        sample.Release();

        Assert.That((bool)GitHub.Releases.Single()["draft"]!, Is.False);
        // Without the header it would be 1 s for a fault, and 60 s for a limit.
        Assert.That(sample.Log, Has.Some.Match("; try 2 of 5 in [234] s"));
    }

    [Test]
    public void Rate_limit_that_lasts_too_long_is_an_error_that_says_until_when()
    {
        var reset = DateTimeOffset.UtcNow.AddHours(1);
        GitHub.Faults.Add(
            new GitHubFault($"GET {Api}/releases", 1, 403, """{"message":"API rate limit exceeded for user ID 1."}""")
            {
                Headers = new() { ["x-ratelimit-remaining"] = "0", ["x-ratelimit-reset"] = $"{reset.ToUnixTimeSeconds()}" },
            }
        );

        Assert.That(
            () => sample.Release(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains("the rate limit is used up (API rate limit exceeded for user ID 1.) until")
                .And.Message.Contains($"{reset:yyyy-MM-dd HH:}")
        );
        Assert.That(GitHub.Requests.Count(r => r == $"GET {Api}/releases"), Is.EqualTo(1));
    }

    [Test]
    public void Server_that_stays_broken_is_given_up_and_leaves_the_draft()
    {
        GitHub.Faults.Add(new GitHubFault($"PATCH {Api}", 99, 500, """{"message":"Server Error"}"""));

        Assert.That(
            () => sample.Release(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains("cannot publish someone/images sample-debian-1.2")
                .And.Message.Contains("answers 500 (Server Error)")
        );
        Assert.That(GitHub.Requests.Count(r => r.StartsWith("PATCH", StringComparison.Ordinal)), Is.EqualTo(5));
        Assert.That((bool)GitHub.Releases.Single()["draft"]!, Is.True);
    }

    [Test]
    public void Wrong_token_is_named_but_never_shown()
    {
        sample.Variables["GITHUB_TOKEN"] = "ghp_wrongSecret";

        var error = Assert.Throws<CakeException>(() => sample.Release())!;

        Assert.That(
            error.Message,
            Does.Contain("GitHub does not take the token (401: Bad credentials); put a valid one into GITHUB_TOKEN")
        );
        Assert.That(error + string.Concat(sample.Log) + sample.Sample.Screen, Does.Not.Contain("wrongSecret"));
        Assert.That(GitHub.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Missing_token_is_an_error_before_any_request()
    {
        sample.Variables["GITHUB_TOKEN"] = " ";

        Assert.That(() => sample.Release(), Throws.TypeOf<CakeException>().With.Message.StartsWith("GITHUB_TOKEN is not set"));
        Assert.That(GitHub.Requests, Is.Empty);
    }

    [Test]
    public void Repository_that_is_not_there_is_an_error() =>
        Assert.That(
            () => sample.Sample.Run<Gfxbake.Host.Tasks.Ci.Release>(("repository", "someone/else")),
            Throws.TypeOf<CakeException>().With.Message.Contains("cannot list the releases of someone/else: not found at 127.0.0.1 (404)")
        );

    [TestCase("images")]
    [TestCase("a/b/c")]
    [TestCase("a/..")]
    [TestCase("a/b?x=1")]
    [TestCase("https://github.com/a/b")]
    public void Name_that_is_no_repository_is_refused(string name)
    {
        Assert.That(
            () => sample.Sample.Run<Gfxbake.Host.Tasks.Ci.Release>(("repository", name)),
            Throws.TypeOf<CakeException>().With.Message.Contains("owner/name")
        );
        Assert.That(GitHub.Requests, Is.Empty);
    }

    [TestCase("a b")]
    [TestCase("../x")]
    [TestCase("v1..2")]
    [TestCase("v1.lock")]
    [TestCase("-x")]
    public void Name_that_is_no_tag_is_refused(string tag) =>
        Assert.That(() => sample.Release(("tag", tag)), Throws.TypeOf<CakeException>().With.Message.Contains($"'{tag}' is no tag"));

    [Test]
    public void Upload_address_elsewhere_never_gets_the_token()
    {
        var draft = GitHub.AddRelease(ReleasableSample.Tag, draft: true, "<!-- gfxbake release: sample debian -->");
        draft["upload_url"] = "http://127.0.0.2:9/upload{?name,label}";

        Assert.That(
            () => sample.Release(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains(
                    "the release's upload address is 'http://127.0.0.2:9/upload{?name,label}', which is not at 127.0.0.1:"
                )
        );
    }
}
