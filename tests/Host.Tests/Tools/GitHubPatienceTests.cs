using System.Net;
using Gfxbake.Host.Tools.GitHub;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class GitHubPatienceTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(4, 8)]
    [TestCase(5, null)]
    public void Pauses_grow_and_end(int tried, int? seconds) =>
        Assert.That(GitHubPatience.Pause(new HttpRequestException("refused"), tried, Now)?.TotalSeconds, Is.EqualTo(seconds));

    [TestCase(HttpStatusCode.BadGateway, true)]
    [TestCase(HttpStatusCode.TooManyRequests, true)]
    [TestCase(HttpStatusCode.NotFound, false)]
    [TestCase(HttpStatusCode.Unauthorized, false)]
    [TestCase(HttpStatusCode.MovedPermanently, false)]
    public void Only_what_may_pass_is_tried_again(HttpStatusCode status, bool again) =>
        Assert.That(GitHubPatience.Pause(new HttpRequestException("x", null, status), 1, Now) is not null, Is.EqualTo(again));

    [TestCase(30, 30)]
    [TestCase(600, 600)]
    [TestCase(601, null)]
    public void Upload_waits_as_long_as_it_is_asked_to_within_reason(int asked, int? seconds) =>
        Assert.That(
            GitHubPatience.Pause(new UploadException("x", HttpStatusCode.Forbidden, TimeSpan.FromSeconds(asked)), 1, Now)?.TotalSeconds,
            Is.EqualTo(seconds)
        );

    [Test]
    public void Refused_upload_is_not_tried_again() =>
        Assert.That(GitHubPatience.Pause(new UploadException("x", HttpStatusCode.Forbidden, null), 1, Now), Is.Null);

    [Test]
    public void Limit_that_names_no_time_is_waited_for_a_minute() =>
        Assert.That(GitHubPatience.Pause(new Octokit.AbuseException(new Forbidden()), 1, Now), Is.EqualTo(TimeSpan.FromMinutes(1)));

    [Test]
    public void Own_mistake_is_not_tried_again() => Assert.That(GitHubPatience.Pause(new InvalidOperationException(), 1, Now), Is.Null);

    [TestCase("https://api.github.com/", "https://uploads.github.com/repos/a/b/releases/1/assets{?name,label}", true)]
    [TestCase("https://ghe.example/api/v3/", "https://ghe.example/api/uploads/repos/a/b/releases/1/assets{?name,label}", true)]
    [TestCase("https://ghe.example/api/v3/", "https://uploads.github.com/x", false)]
    [TestCase("https://api.github.com/", "http://uploads.github.com/x", false)]
    [TestCase("https://api.github.com/", "https://uploads.github.com.evil.example/x", false)]
    [TestCase("https://api.github.com/", "https://uploads.github.com:444/x", false)]
    [TestCase("https://api.github.com/", "https://a@uploads.github.com/x", false)]
    [TestCase("https://api.github.com/", "uploads", false)]
    public void Token_goes_to_GitHub_s_own_hosts_only(string api, string template, bool goes)
    {
        var call = () => AssetUpload.Address(template, new Uri(api));

        if (goes)
            Assert.That(call().AbsoluteUri, Is.EqualTo(template.Split('{')[0]));
        else
            Assert.That(call, Throws.TypeOf<Cake.Core.CakeException>().With.Message.Contains(new Uri(api).Authority));
    }

    private sealed class Forbidden : Octokit.IResponse
    {
        public object Body => """{"message":"You have triggered an abuse detection mechanism."}""";

        public IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>();

        public Octokit.ApiInfo ApiInfo => null!;

        public HttpStatusCode StatusCode => HttpStatusCode.Forbidden;

        public string ContentType => "application/json";
    }
}
