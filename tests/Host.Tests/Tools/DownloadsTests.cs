using System.Net;
using System.Security.Cryptography;
using System.Text;
using Cake.Core;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class DownloadsTests
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i}\n")));
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Content));

    private readonly List<string?> ranges = [];
    private SampleBuild build = null!;

    private string Target => build.PathOf($"artifacts/downloads/{Digest}.tar.gz");

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        ranges.Clear();
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Archive_is_downloaded_once_and_checked_each_time()
    {
        using var server = Serve((_, response) => Send(response, 0));

        var first = Get(server);
        var second = Get(server);

        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(Target).And.EqualTo(second));
            Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
            Assert.That(ranges, Has.Count.EqualTo(1));
            Assert.That(Directory.EnumerateFiles(Path.GetDirectoryName(Target)!), Has.Exactly(1).Items);
        });
    }

    [Test]
    public void Broken_connection_goes_on_where_it_stopped()
    {
        using var server = Serve(
            (call, response) => call == 1 ? Send(response, 0, Content.Length / 2) : Send(response, Content.Length / 2)
        );

        Get(server);

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
        Assert.That(ranges, Is.EqualTo(new[] { null, $"bytes={Content.Length / 2}-" }));
    }

    [Test]
    public void What_an_earlier_run_got_is_gone_on_with()
    {
        WritePart(Content[..1000]);
        using var server = Serve((_, response) => Send(response, 1000));

        Get(server);

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
        Assert.That(ranges, Is.EqualTo(new[] { "bytes=1000-" }));
    }

    [Test]
    public void Part_of_another_file_is_thrown_away()
    {
        WritePart(new byte[1000]);
        using var server = Serve((_, response) => Send(response, ranges[^1] is null ? 0 : 1000));

        Get(server);

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
        Assert.That(ranges, Is.EqualTo(new[] { "bytes=1000-", null }));
    }

    [Test]
    public void Server_without_ranges_sends_all_again()
    {
        WritePart(Content[..1000]);
        using var server = Serve((_, response) => Send(response, 0));

        Get(server);

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
    }

    [Test]
    public void Part_that_is_all_of_it_needs_no_more()
    {
        WritePart(Content);
        using var server = Serve(
            (_, response) =>
            {
                response.StatusCode = 416;
                response.Headers["Content-Range"] = $"bytes */{Content.Length}";
                return "";
            }
        );

        Get(server);

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
    }

    [Test]
    public void Busy_server_is_asked_again()
    {
        using var server = Serve((call, response) => call < 4 ? Status(response, call == 1 ? 429 : 503) : Send(response, 0));

        Get(server);

        Assert.That(ranges, Has.Count.EqualTo(4));
        Assert.That(build.Time.Waits, Is.EqualTo(new[] { 2, 4, 8 }));
        Assert.That(build.Log, Has.Some.Contains("answered 429 Too Many Requests; try 2 of 5 in 2 s"));
    }

    [TestCase("50", 50)]
    [TestCase("7200", null)]
    public void Server_that_asks_for_patience_gets_it_within_reason(string asked, int? wait)
    {
        using var server = Serve(
            (call, response) =>
            {
                response.Headers["Retry-After"] = asked;
                return call == 1 ? Status(response, 503) : Send(response, 0);
            }
        );

        if (wait is null)
            Fails(() => Get(server), "answered 503 Service Unavailable and asks to be left alone for 120 minutes");
        else
            Get(server);
        Assert.That(build.Time.Waits, Is.EqualTo(wait is null ? [] : new[] { wait }));
    }

    [TestCase(503, 5, "answered 503", "5 times")]
    [TestCase(404, 1, "answered 404", "the file is not there", "take a newer archive.url")]
    [TestCase(403, 1, "answered 403", "correct archive.url")]
    public void Server_that_refuses_is_an_error_with_what_to_do(int status, int calls, params string[] said)
    {
        using var server = Serve((_, response) => Status(response, status));

        Fails(() => Get(server), [.. said, server.Address, $"put the file at artifacts/downloads/{Digest}.tar.gz yourself"]);
        Assert.That(ranges, Has.Count.EqualTo(calls));
    }

    [Test]
    public void Other_file_than_the_recipe_means_is_an_error_and_leaves_nothing()
    {
        using var server = Serve((_, _) => "<html>sorry</html>");

        Fails(
            () => Get(server),
            "is another file than the recipe means",
            Digest,
            Convert.ToHexStringLower(SHA256.HashData("<html>sorry</html>"u8)),
            "archive.sha256 in recipes/sample/recipe.yml"
        );
        Assert.That(Directory.EnumerateFiles(Path.GetDirectoryName(Target)!), Is.Empty);
    }

    [Test]
    public void Server_that_does_not_answer_is_an_error()
    {
        var server = Serve((_, _) => "");
        server.Dispose();

        Fails(() => Get(server), "could not be downloaded in 5 attempts", "refused", "check the network");
    }

    [Test]
    public void Archive_of_an_absurd_size_is_refused_before_it_comes()
    {
        using var server = Serve(
            (_, response) =>
            {
                response.ContentLength64 = 1L << 40;
                response.OutputStream.Write(Content);
                response.OutputStream.Flush();
                return null;
            }
        );

        Fails(() => Get(server), "1,099.5 GB");
    }

    [Test]
    public void Downloaded_file_that_was_changed_is_an_error()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllText(Target, "changed");

        Fails(
            () => new Downloads(build.Open()).Get(new Archive { Url = "https://example.org/x", Sha256 = Digest }),
            "it was changed or is another file",
            $"Next: rm artifacts/downloads/{Digest}.tar.gz"
        );
    }

    [Test]
    public void File_of_this_machine_serves_too()
    {
        var file = build.PathOf("a file.tar.gz");
        File.WriteAllBytes(file, Content);

        new Downloads(build.Open()).Get(new Archive { Url = new Uri(file).AbsoluteUri, Sha256 = Digest });

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
        File.Delete(Target);
        File.Delete(file);
        Fails(
            () => new Downloads(build.Open()).Get(new Archive { Url = new Uri(file).AbsoluteUri, Sha256 = Digest }),
            "a file.tar.gz is not there",
            "correct archive.url"
        );
    }

    private string Get(SampleServer server) =>
        new Downloads(build.Open()).Get(new Archive { Url = $"http://{server.Address}/rocm.tar.gz", Sha256 = Digest });

    private SampleServer Serve(Func<int, HttpListenerResponse, string?> answer) =>
        new(
            (request, response) =>
            {
                ranges.Add(request.Headers["Range"]);
                return answer(ranges.Count, response);
            }
        );

    /// <summary>Sends the content from a byte on; breaks the connection off before the given one.</summary>
    private static string? Send(HttpListenerResponse response, int from, int? before = null)
    {
        response.StatusCode = from > 0 ? 206 : 200;
        if (from > 0)
            response.Headers["Content-Range"] = $"bytes {from}-{Content.Length - 1}/{Content.Length}";
        response.ContentLength64 = Content.Length - from;
        response.OutputStream.Write(Content.AsSpan()[from..(before ?? Content.Length)]);
        if (before is null)
            return "";
        response.OutputStream.Flush();
        response.Abort();
        return null;
    }

    private static string Status(HttpListenerResponse response, int status)
    {
        response.StatusCode = status;
        return "";
    }

    private void WritePart(byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Target + ".part", bytes);
    }

    private static void Fails(Action work, params string[] said)
    {
        var error = Assert.Throws<CakeException>(() => work())!.Message;
        Assert.Multiple(() =>
        {
            foreach (var words in said)
                Assert.That(error, Does.Contain(words));
        });
    }
}
