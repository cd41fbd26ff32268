using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gfxbake.Host.Tests.Engine;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// Run starts the server of the minimal image, and a client that people use talks to it (tests/tools/openai). It computes on the CPU, with
/// random weights: what it says is meaningless and always the same.
/// </summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[Category(Needs.Linter)]
[NonParallelizable]
internal sealed class ServerClientTests
{
    private static readonly string Root = Checkout.RepositoryRoot;
    private static readonly string Tools = Path.Combine(Root, "tests", "tools", "openai");
    private static readonly string Client = Path.Combine(Root, "artifacts", "openai");
    private static readonly string Model = Path.Combine(Root, "artifacts", "llama-cpp-gfx1151", "debian", "models", "tiny-f16.gguf");

    private readonly int port = FreePort();

    [OneTimeSetUp]
    public void Find()
    {
        Assert.That(Model, Does.Exist, "no model; run ./build.sh --target=MinimalImage");
        Assert.That(Path.Combine(Client, "node_modules"), Does.Exist, "no client; run ./build.sh --target=Test --provision");
        foreach (var file in Directory.EnumerateFiles(Tools))
            File.Copy(file, Path.Combine(Client, Path.GetFileName(file)), overwrite: true);
    }

    [Test]
    public void Client_gets_answers_plain_and_in_pieces_a_call_of_a_tool_and_may_give_up()
    {
        using var server = Run("--device=cpu", "--model=" + Model, "--port=" + port);
        server.WaitForText("listening on");

        var outcome = Command.Run("node", Path.Combine(Client, "client.mjs"), $"http://127.0.0.1:{port}");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        using var json = JsonDocument.Parse(outcome.Output);
        Check(json.RootElement);

        using var second = Run("--device=cpu", "--model=" + Model, "--port=" + port);
        var refused = second.End(TimeSpan.FromMinutes(1));
        Assert.That(refused.Status, Is.EqualTo(1));
        Assert.That(refused.Output, Does.Contain($"port {port} of 127.0.0.1 is in use\nNext: --port={port + 1}"));

        server.Signal(PosixSignal.SIGINT);
        Assert.That(server.End(TimeSpan.FromSeconds(30)).Status, Is.EqualTo(130));
        var conf = Path.Combine(Root, "artifacts", "containers.conf");
        var left = Command.Run(
            "env",
            File.Exists(conf) ? "CONTAINERS_CONF=" + conf : "A=",
            "podman",
            "ps",
            "--all",
            "--format",
            "{{.Ports}}"
        );
        Assert.That(left.Output, Does.Not.Contain($":{port}->"), "a container is left");
    }

    [Test]
    public void Status_is_the_program_s()
    {
        using var bench = Run("--device=cpu", "--model=" + Model, "--mode=bench", "--", "--repetitions", "no-number");

        Assert.That(bench.End(TimeSpan.FromMinutes(1)).Status, Is.Not.Zero);
    }

    private static void Check(JsonElement answer)
    {
        var (plain, stream, tool) = (answer.GetProperty("plain"), answer.GetProperty("stream"), answer.GetProperty("tool"));
        Assert.That(plain.GetProperty("tokens").GetInt32(), Is.EqualTo(8));
        Assert.That(stream.GetProperty("pieces").GetInt32(), Is.GreaterThan(2));
        Assert.That(stream.GetProperty("text").GetString(), Is.Not.Empty.And.EqualTo(plain.GetProperty("text").GetString()));
        Assert.That(tool.GetProperty("name").GetString(), Is.EqualTo("weather"));
        Assert.That(tool.GetProperty("arguments").GetString(), Does.Contain("Berlin"));
        Assert.That(answer.GetProperty("cancelled").GetBoolean(), Is.True);
    }

    private static RunningBuild Run(params string[] arguments)
    {
        string[] server = arguments.Contains("--")
            ? []
            : ["--", "--ctx-size", "2048", "--parallel", "1", "--threads", "1", "--slots", "--chat-template", Template()];
        var info = new ProcessStartInfo("env") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] program = ["dotnet", "exec", typeof(BuildContext).Assembly.Location, "--working=" + Root, "run"];
        foreach (var word in (string[])[.. Checkout.NotIgnoringInterrupts, .. program, .. arguments, .. server])
            info.ArgumentList.Add(word);
        return new(Process.Start(info)!);
    }

    /// <summary>The model's own has no calls of tools.</summary>
    private static string Template() => File.ReadAllText(Path.Combine(Tools, "tools.jinja"));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
