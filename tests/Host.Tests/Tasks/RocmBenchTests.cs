using System.Net;
using System.Text;
using Cake.Core;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target RocmBench against a server of the test's own, which answers as llama-server and Ollama do.</summary>
[NonParallelizable]
internal sealed class RocmBenchTests
{
    private const string Proven = "msg=\"inference compute\" library=ROCm\nload_tensors: offloaded 3/3 layers to GPU\n";

    private SampleBuild build = null!;
    private HttpListener server = null!;
    private string answer = "";
    private int status;
    private int asked;
    private string url = "";

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        foreach (var name in new[] { "bench.yml", "doctor.yml", "ollama-log.yml" })
        {
            var file = Path.Combine("recipes", "_shared", name);
            File.Copy(Path.Combine(Checkout.RepositoryRoot, file), build.PathOf(file), overwrite: true);
        }

        (answer, status, asked) = ("{\"usage\": {\"completion_tokens\": 8}}", 200, 0);
        (server, url) = Listen();
        _ = Task.Run(Serve);
    }

    [TearDown]
    public void TearDown()
    {
        server.Close();
        build.Dispose();
    }

    [Test]
    public void Server_with_a_log_that_proves_the_gpu_is_measured_and_written()
    {
        build.Write("ollama.log", Proven);

        var text = Run(("log", "ollama.log"), ("samples", "2"), ("parallel", "3"), ("output", "out.json"));

        Assert.That(text, Does.Contain("tiny, bundled, on bundled's GPU\n").And.Not.Contain(BenchRecord.NoGpu));
        var run = BenchFiles.Read(build.PathOf("out.json")).Runs.Single();
        Assert.That(run.Missing, Is.Empty);
        Assert.That(run.Device.Proof, Is.EqualTo("load_tensors: offloaded 3/3 layers to GPU"));
        Assert.That(run.Series.Select(s => $"{s.Name} {s.Unit}"), Is.EqualTo(new[] { "tokens tokens/s", "request s" }));
        Assert.That(run.Series[1].Points.Select(p => $"{p.X}: {p.Samples.Count}"), Is.EqualTo(new[] { "1: 2", "3: 6" }));
        Assert.That(asked, Is.EqualTo(1 + 2 + 6), "one to warm up");
        Assert.That(build.PathOf("out.svg"), Does.Exist);
    }

    [TestCase("load_tensors: offloaded 0/3 layers to GPU\n")]
    [TestCase("msg=\"inference compute\" library=cpu\n")]
    [TestCase("")]
    public void Log_that_proves_nothing_has_no_figures(string log)
    {
        build.Write("ollama.log", log);

        Assert.That(
            () => Run(("log", "ollama.log"), ("samples", "1"), ("output", "out.json")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith("bundled's GPU: not shown. Nothing in the server's log says that it was used")
        );
        Assert.That(build.PathOf("out.json"), Does.Not.Exist);
    }

    [Test]
    public void Without_a_log_it_is_no_measurement_of_a_gpu()
    {
        Run(("samples", "1"), ("output", "out.json"));

        Assert.That(BenchFiles.Read(build.PathOf("out.json")).Runs.Single().Heading, Does.EndWith(": " + BenchRecord.NoGpu));
    }

    [Test]
    public void Run_of_another_name_stands_beside_and_of_the_same_one_instead()
    {
        Run(("samples", "1"), ("output", "out.json"));
        Run(("samples", "2"), ("output", "out.json"));
        Run(("url", $"system={url}"), ("samples", "1"), ("output", "out.json"));

        var runs = BenchFiles.Read(build.PathOf("out.json")).Runs;
        Assert.That(runs.Select(r => $"{r.Subject.Name} {r.Series[0].Samples}"), Is.EqualTo(new[] { "bundled 2", "system 1" }));
    }

    [TestCase(500, "{\"error\": \"\u001b[31mred\"}", "answers 500: {\"error\": \"\\x1b[31mred\"}")]
    [TestCase(200, "hello", "gives no usage.completion_tokens: hello")]
    [TestCase(200, "{\"usage\": {\"completion_tokens\": 0}}", "wrote no token")]
    [TestCase(200, "{\"usage\": []}", "gives no usage.completion_tokens")]
    public void Server_that_answers_something_else_is_an_error(int code, string text, string said)
    {
        (status, answer) = (code, text);

        Assert.That(() => Run(), Throws.TypeOf<CakeException>().With.Message.Contains(said));
    }

    [Test]
    public void Server_that_is_not_there_is_an_error()
    {
        server.Close();

        Assert.That(() => Run(), Throws.TypeOf<CakeException>().With.Message.Contains("does not answer"));
    }

    [TestCase("http://127.0.0.1:1")]
    [TestCase("a=file:///etc/passwd")]
    [TestCase("=http://127.0.0.1:1")]
    public void Url_that_is_none_is_an_error_with_an_example(string given) =>
        Assert.That(
            () => Run(("url", given)),
            Throws.TypeOf<CakeException>().With.Message.Contains("./build.sh --target=RocmBench --url=bundled=http://127.0.0.1:11434")
        );

    [TestCase("a [1-9] b;c", "x\na 5 b\nc\n", "a 5 b; c")]
    [TestCase("a [1-9] b;c", "a 5 b\n", null)]
    [TestCase("", "a", null)]
    public void Proof_needs_a_line_of_each(string patterns, string log, string? proof) =>
        Assert.That(new ProofLines(patterns.Split(';', StringSplitOptions.RemoveEmptyEntries)).In(log), Is.EqualTo(proof));

    private static (HttpListener Server, string Url) Listen()
    {
        // HttpListener can't choose a port itself.
        for (var port = 20_000 + (Environment.ProcessId % 10_000); ; port++)
        {
            var listener = new HttpListener();
            var address = $"http://127.0.0.1:{port}/";
            listener.Prefixes.Add(address);
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
    }

    private async Task Serve()
    {
        while (server.IsListening)
        {
            var context = await server.GetContextAsync();
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = status;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            context.Response.Close();
        }
    }

    private string Run(params (string Name, string Value)[] arguments)
    {
        (string Name, string Value)[] defaults = [("model", "tiny"), ("url", $"bundled={url}")];
        return StandardOutput.Of(() =>
        {
            build.CommandLine = new CommandLine([]);
            new RocmBench().Run(build.Open([.. arguments, .. defaults.Where(d => arguments.All(a => a.Name != d.Name))]));
        });
    }
}
