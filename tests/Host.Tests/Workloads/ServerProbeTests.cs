using System.Net;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tests.Workloads;

// Most of the time these wait: for bash, for servers, and for time limits.
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ServerProbeTests : IDisposable
{
    private const string Patient = "trap 'echo ended; exit 0' TERM; while :; do sleep 0.05; done";

    private readonly SampleBuild build = new();
    private readonly ScriptEngine engine;

    public ServerProbeTests() => engine = new ScriptEngine(build);

    public void Dispose() => build.Dispose();

    [Test]
    public void Server_is_asked_each_request_and_then_to_end()
    {
        using var server = Serve(
            (request, response) =>
            {
                if (request.Url!.AbsolutePath == "/missing")
                    response.StatusCode = 404;
                using var body = new StreamReader(request.InputStream);
                return $"{request.HttpMethod} {request.Url.AbsolutePath} {body.ReadToEnd()}";
            }
        );

        var result = Run(
            Patient,
            new HttpProbe { Path = "/page" },
            new HttpProbe { Path = "/ask", Json = "{\"n\":1}" },
            new HttpProbe { Path = "/missing" }
        );

        Assert.Multiple(() =>
        {
            Assert.That(
                result.Answers,
                Is.EqualTo(
                    new HttpAnswer[]
                    {
                        new("GET /page", 200, "GET /page "),
                        new("POST /ask", 200, "POST /ask {\"n\":1}"),
                        new("GET /missing", 404, "GET /missing "),
                    }
                )
            );
            Assert.That(result.Failure, Is.Null);
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Stdout, Is.EqualTo("ended\n"));
            Assert.That(engine.Calls, Has.Some.StartsWith("kill --signal INT gfxbake-"));
        });
    }

    // The form that curl sends: quotes around names and none around the boundary, or some servers find no field.
    [Test]
    public void Form_is_sent_with_texts_and_files()
    {
        using var server = Serve(
            (request, _) =>
            {
                using var body = new StreamReader(request.InputStream);
                return $"{request.HttpMethod} {request.ContentType}\n{body.ReadToEnd()}";
            }
        );
        build.Write($"artifacts/sample/debian/models/tone.wav", "RIFF\r\n--x");

        var answer = Run(
            Patient,
            new HttpProbe
            {
                Path = "/inference",
                Form = new Dictionary<string, string> { ["file"] = "@/models/tone.wav", ["language"] = "en" },
            }
        ).Answers[0];

        Assert.That(answer.Request, Is.EqualTo("POST /inference"));
        Assert.That(
            answer.Body.Replace("\r", ""),
            Does.Match(
                """
                \APOST multipart/form-data; boundary=(?<b>gfxbake-[0-9a-f]{32})
                --\k<b>
                Content-Disposition: form-data; name="file"; filename="tone.wav"
                Content-Type: application/octet-stream

                RIFF
                --x
                --\k<b>
                Content-Disposition: form-data; name="language"

                en
                --\k<b>--
                \z
                """.Replace("\r", "")
            )
        );
    }

    [Test]
    public void File_is_sent_as_it_is()
    {
        using var server = Serve(
            (request, _) =>
            {
                using var body = new StreamReader(request.InputStream);
                return $"{request.HttpMethod} {request.ContentType} {body.ReadToEnd()}";
            }
        );
        build.Write("artifacts/sample/debian/models/tiny.gguf", "GGUF\r\n--x");

        var answer = Run(Patient, new HttpProbe { Path = "/blobs", Body = "@/models/tiny.gguf" }).Answers[0];

        Assert.That(answer, Is.EqualTo(new HttpAnswer("POST /blobs", 200, "POST application/octet-stream GGUF\r\n--x")));
    }

    [Test]
    public void Long_body_is_kept_as_its_start_and_digest()
    {
        using var server = Serve((_, _) => new string('x', 100_000));

        Assert.That(Run(Patient, new HttpProbe { Path = "/" }).Answers[0].Body, Has.Length.LessThan(1000).And.Contains("\nsha256:"));
    }

    // Log probabilities of a whole vocabulary are compared number by number.
    [TestCase(100_000, true)]
    [TestCase((4 << 20) + 1, false)]
    public void Long_answer_to_json_is_kept_up_to_4_MiB(int length, bool whole)
    {
        using var server = Serve((_, _) => new string('x', length));

        Assert.That(
            Run(Patient, new HttpProbe { Path = "/", Json = "{}" }).Answers[0].Body,
            whole ? Has.Length.EqualTo(length) : Has.Length.LessThan(1000).And.Contains("\nsha256:")
        );
    }

    // A proxy of the machine must not stand between the build and its own loopback.
    [Test]
    [NonParallelizable]
    public void Proxy_of_the_machine_is_not_asked()
    {
        using var server = Serve((_, _) => "hello");
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy("http://127.0.0.1:9");
        try
        {
            Assert.That(Run(Patient, new HttpProbe { Path = "/" }).Answers.Select(a => a.Body), Is.EqualTo(new[] { "hello" }));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    // Whoever made the server's program does not choose which addresses the build machine asks.
    [Test]
    public void Redirection_is_an_answer_and_not_followed()
    {
        using var server = Serve(
            (request, response) =>
            {
                if (request.Url!.AbsolutePath != "/away")
                    return "elsewhere";
                response.Redirect("/elsewhere");
                return "";
            }
        );

        Assert.That(Run(Patient, new HttpProbe { Path = "/away" }).Answers[0].Status, Is.EqualTo(302));
    }

    [Test]
    public void Server_that_never_answers_is_a_failure()
    {
        using var server = Serve((_, _) => null);

        Assert.That(Run(Patient).Failure, Is.EqualTo("/health did not answer with success within 2 s"));
    }

    [Test]
    public void Server_that_is_never_well_is_a_failure()
    {
        using var server = Serve(
            (_, response) =>
            {
                response.StatusCode = 503;
                return "loading";
            }
        );

        Assert.That(Run(Patient).Failure, Is.EqualTo("/health did not answer with success within 2 s"));
    }

    [Test]
    public void Server_that_ends_at_once_is_a_failure_with_its_exit_status()
    {
        var result = Run("echo no model >&2; exit 3");

        Assert.Multiple(() =>
        {
            Assert.That(result.Failure, Is.EqualTo("the server ended before its port was published"));
            Assert.That(result.ExitCode, Is.EqualTo(3));
            Assert.That(result.Stderr, Is.EqualTo("no model\n"));
        });
    }

    [Test]
    public void Server_that_ends_before_it_is_ready_is_a_failure_with_its_exit_status()
    {
        using var server = Serve(
            (_, response) =>
            {
                response.StatusCode = 503;
                return "loading";
            }
        );

        var result = Run("sleep 0.7; exit 3");
        Assert.Multiple(() =>
        {
            Assert.That(result.Failure, Is.EqualTo("the server ended before /health answered with success"));
            Assert.That(result.ExitCode, Is.EqualTo(3));
        });
    }

    [Test]
    public void Server_that_crashes_on_a_request_gives_no_answer_and_its_exit_status()
    {
        using var server = Serve(
            (request, response) =>
            {
                if (request.Url!.AbsolutePath != "/crash")
                    return "ok";
                engine.Crash();
                response.ContentLength64 = 10;
                response.Abort();
                return null;
            }
        );

        var result = Run(Patient, new HttpProbe { Path = "/crash" });
        Assert.Multiple(() =>
        {
            Assert.That(result.Answers[0].Status, Is.Zero);
            Assert.That(result.ExitCode, Is.EqualTo(137));
        });
    }

    [Test]
    public void Server_that_does_not_end_when_asked_is_a_failure()
    {
        using var server = Serve((_, _) => "ok");

        Assert.That(Run("trap '' TERM; while :; do sleep 0.05; done").Failure, Is.EqualTo("did not end within 2 s"));
    }

    [TestCase("/bin/true", null)]
    [TestCase("/bin/false", "the image's health check failed: podman exec")]
    [TestCase("sleep, \"30\"", "the image's health check did not end within 2 s")]
    public void Health_check_runs_inside_the_container(string command, string? failure)
    {
        build.SetHealthcheck(command);
        using var server = Serve((_, _) => "ok");
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var result = Runners
            .Workloads(build.Open())
            .Run(
                Workload(
                    Patient,
                    new Serve
                    {
                        Port = 8080,
                        Ready = "/health",
                        Healthcheck = true,
                        Requests = [],
                    }
                ),
                "image"
            );

        Assert.Multiple(() =>
        {
            Assert.That(result.Failure, failure is null ? Is.Null : Does.StartWith(failure));
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
        });
    }

    [Test]
    public void Clients_run_inside_the_container_after_the_last_request()
    {
        using var server = Serve((_, _) => "ok");

        var result = Runners
            .Workloads(build.Open())
            .Run(
                Workload(
                    Patient,
                    new Serve
                    {
                        Port = 8080,
                        Ready = "/health",
                        Requests = [new HttpProbe { Path = "/" }],
                        Clients =
                        [
                            new ClientProbe { Command = ["/bin/printf", "a\\nb"] },
                            new ClientProbe { Command = ["/bin/false"] },
                            new ClientProbe { Command = ["sleep", "30"] },
                            // Standard input has an end: a client that reads it does not wait.
                            new ClientProbe { Command = ["/bin/cat"] },
                        ],
                    }
                ),
                "image"
            );

        Assert.Multiple(() =>
        {
            Assert.That(result.Failure, Is.Null);
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Clients[0], Is.EqualTo(new ClientAnswer("a\nb", null)));
            Assert.That(result.Clients[1].Failure, Does.StartWith("failed: podman exec"));
            Assert.That(result.Clients[2].Failure, Is.EqualTo("did not end within 2 s"));
            Assert.That(result.Clients[3], Is.EqualTo(new ClientAnswer("", null)));
        });
    }

    private static Workload Workload(string script, Serve serve) =>
        new()
        {
            Name = "serve",
            Command = ["bash", "-c", script],
            Timeout = 2,
            Serve = serve,
        };

    private SampleServer Serve(Func<HttpListenerRequest, HttpListenerResponse, string?> answer)
    {
        var server = new SampleServer(answer);
        engine.Publish(server.Address);
        return server;
    }

    private WorkloadResult Run(string script, params HttpProbe[] requests) =>
        Runners
            .Workloads(build.Open())
            .Run(
                Workload(
                    script,
                    new Serve
                    {
                        Port = 8080,
                        Ready = "/health",
                        Requests = requests,
                    }
                ),
                "image"
            );
}
