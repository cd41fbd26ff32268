using System.Net;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class RetryTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(4, 8)]
    public void Pauses_grow(int tried, int? seconds) =>
        Assert.That(Pause(new HttpRequestException("refused"), tried)?.TotalSeconds, Is.EqualTo(seconds));

    [Test]
    public void Fault_that_stays_is_given_up_after_five_tries_each_of_them_said()
    {
        using var build = new SampleBuild();
        var tries = 0;

        Assert.That(
            () => new Retry(build.Open()).Run<int>("ask", () => throw new HttpRequestException($"fault {++tries}\n")),
            Throws.TypeOf<HttpRequestException>().With.Message.EqualTo("fault 5\n")
        );

        Assert.That(build.Time.Waits, Is.EqualTo(new[] { 1, 2, 4, 8 }));
        Assert.That(
            build.Log,
            Is.EqualTo(
                new[]
                {
                    "Information:   ask: fault 1; try 2 of 5 in 1 s",
                    "Information:   ask: fault 2; try 3 of 5 in 2 s",
                    "Information:   ask: fault 3; try 4 of 5 in 4 s",
                    "Information:   ask: fault 4; try 5 of 5 in 8 s",
                }
            )
        );
    }

    [Test]
    public void Server_is_left_alone_as_long_as_it_asks_and_no_shorter_than_without()
    {
        using var build = new SampleBuild();
        var tries = 0;

        var answer = new Retry(build.Open()).Run(
            "ask",
            () => ++tries > 3 ? "answer" : throw new RefusedException("x", HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(3))
        );

        Assert.That(answer, Is.EqualTo("answer"));
        Assert.That(build.Time.Waits, Is.EqualTo(new[] { 3, 3, 4 }));
    }

    [TestCase("30", 30)]
    [TestCase("Fri, 15 Jan 2027 08:00:45 GMT", 45)]
    [TestCase("Fri, 15 Jan 2027 07:00:00 GMT", 0)]
    [TestCase("soon", null)]
    public void Header_says_how_long_or_until_when(string text, int? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", text);

        Assert.That(RateLimit.Left(response.Headers, Now)?.TotalSeconds, Is.EqualTo(seconds));
    }

    [Test]
    public void Disk_that_is_full_does_not_pass() => Assert.That(Pause(new IOException("No space left on device", 28), 1), Is.Null);

    [TestCase(HttpStatusCode.BadGateway, true)]
    [TestCase(HttpStatusCode.TooManyRequests, true)]
    [TestCase(HttpStatusCode.NotFound, false)]
    [TestCase(HttpStatusCode.Unauthorized, false)]
    [TestCase(HttpStatusCode.MovedPermanently, false)]
    public void Only_what_may_pass_is_tried_again(HttpStatusCode status, bool again) =>
        Assert.That(Pause(new HttpRequestException("x", null, status), 1) is not null, Is.EqualTo(again));

    [TestCase(30, 30)]
    [TestCase(600, 600)]
    [TestCase(601, null)]
    public void Upload_waits_as_long_as_it_is_asked_to_within_reason(int asked, int? seconds) =>
        Assert.That(
            Pause(new RefusedException("x", HttpStatusCode.Forbidden, TimeSpan.FromSeconds(asked)), 1)?.TotalSeconds,
            Is.EqualTo(seconds)
        );

    [Test]
    public void Refused_upload_is_not_tried_again() =>
        Assert.That(Pause(new RefusedException("x", HttpStatusCode.Forbidden, null), 1), Is.Null);

    [Test]
    public void Limit_that_names_no_time_is_waited_for_a_minute() =>
        Assert.That(Pause(new Octokit.AbuseException(new Forbidden()), 1), Is.EqualTo(TimeSpan.FromMinutes(1)));

    [Test]
    public void Own_mistake_is_not_tried_again() => Assert.That(Pause(new InvalidOperationException(), 1), Is.Null);

    private static TimeSpan? Pause(Exception error, int tried) => Retry.Pause(error, tried, Now, TimeSpan.FromSeconds(1));

    private sealed class Forbidden : Octokit.IResponse
    {
        public object Body => """{"message":"You have triggered an abuse detection mechanism."}""";

        public IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>();

        public Octokit.ApiInfo ApiInfo => null!;

        public HttpStatusCode StatusCode => HttpStatusCode.Forbidden;

        public string ContentType => "application/json";
    }
}
