using System.IO.MemoryMappedFiles;
using Cake.Core;
using Gfxbake.Host.Rocm;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>RocmSwitch and RocmRollback on an Ollama of which only files are there; systemctl and Ollama answer as a test says.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class RocmSwitchTests
{
    private const string DropIn = "machine/etc/systemd/system/ollama.service.d/60-gfxbake-rocm.conf";

    private readonly TextWriter before = Console.Out;
    private SampleBuild build = null!;
    private StringWriter screen = null!;
    private string log = "";

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        var facts = Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared", "ollama.yml");
        File.Copy(facts, build.PathOf("recipes/_shared/ollama.yml"), overwrite: true);
        build.Write("machine/usr/bin/ollama", "\0OLLAMA_LLM_LIBRARY\0");
        build.Write("machine/usr/lib/ollama/llama-server", "");
        build.Write("machine/usr/lib/ollama/rocm_v7_2/libggml-hip.so", "");
        build.Write("machine/usr/lib/ollama/rocm_v7_2/libamdhip64.so.7", "");
        build.Write("machine/usr/lib/ollama/vulkan/libggml-vulkan.so", "not empty, or it can't be mapped");
        build.Write("machine/etc/systemd/system/ollama.service", "[Service]\n");
        Directory.CreateDirectory(build.PathOf("machine/var/lib"));
        build.Write("cgroup/system.slice/ollama.service/cgroup.procs", $"{Environment.ProcessId}\n");
        Directory.CreateDirectory(build.PathOf("systemd"));
        screen = new StringWriter();
        Console.SetOut(screen);
        build.CommandLine = new CommandLine([]);
    }

    [TearDown]
    public void TearDown()
    {
        Console.SetOut(before);
        screen.Dispose();
        build.Dispose();
    }

    [Test]
    public void Files_of_another_machine_are_changed_and_nothing_is_started()
    {
        new RocmSwitch().Run(Open(("to", "vulkan"), ("root", "machine")));

        Assert.That(File.ReadAllText(build.PathOf(DropIn)), Does.EndWith("[Service]\nEnvironment=OLLAMA_LLM_LIBRARY=vulkan\n"));
        Assert.That(
            screen.ToString(),
            Does.Contain("  systemctl restart ollama.service\n").And.Contain("  OLLAMA_LLM_LIBRARY=vulkan ollama serve\n")
        );
        Assert.That(build.Processes.Calls, Is.Empty);

        new RocmRollback().Run(Open(("root", "machine")));

        Assert.That(screen.ToString(), Does.Contain("Everything is as before the switch.\n"));
        Assert.That(build.PathOf("machine/etc/systemd/system/ollama.service.d"), Does.Not.Exist);
        Assert.That(Directory.EnumerateFileSystemEntries(build.PathOf("machine/var/lib")), Is.Empty);
    }

    [Test]
    public void Dry_run_tells_all_and_changes_nothing()
    {
        new RocmSwitch().Run(Open(("to", "vulkan"), ("root", "machine"), ("print-only", "")));

        Assert.That(
            screen.ToString(),
            Does.Contain("Environment=OLLAMA_LLM_LIBRARY=vulkan").And.EndWith("Nothing was changed (--dryrun).\n")
        );
        Assert.That(build.PathOf(DropIn), Does.Not.Exist);
        Assert.That(Directory.EnumerateFileSystemEntries(build.PathOf("machine/var/lib")), Is.Empty);

        new RocmSwitch().Run(Open(("to", "vulkan"), ("root", "machine")));
        new RocmRollback().Run(Open(("root", "machine"), ("print-only", "")));

        Assert.That(
            screen.ToString(),
            Does.Contain("It would remove:\n  file    /etc/systemd/system/ollama.service.d/60-gfxbake-rocm.conf\n")
        );
        Assert.That(build.PathOf(DropIn), Does.Exist);
    }

    [Test]
    public void Second_switch_needs_the_first_undone()
    {
        new RocmSwitch().Run(Open(("to", "vulkan"), ("root", "machine")));

        Assert.That(
            () => new RocmSwitch().Run(Open(("to", "bundled"), ("root", "machine"))),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo("a switch to vulkan is in force; undo it first: ./build.sh --target=RocmRollback")
        );
    }

    [Test]
    public void Nothing_to_undo_is_no_error()
    {
        new RocmRollback().Run(Open(("root", "machine")));

        Assert.That(screen.ToString(), Is.EqualTo("There is no switch to undo.\n"));
    }

    [Test]
    public void Edited_settings_stay_until_force()
    {
        new RocmSwitch().Run(Open(("to", "vulkan"), ("root", "machine")));
        File.AppendAllText(build.PathOf(DropIn), "Environment=MINE=1\n");

        Assert.That(
            () => new RocmRollback().Run(Open(("root", "machine"))),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("these were edited after the switch: /etc/systemd")
        );
        new RocmRollback().Run(Open(("root", "machine"), ("force", "")));

        Assert.That(build.PathOf(DropIn), Does.Not.Exist);
    }

    [TestCase("system", "no ROCm (libamdhip64.so) is in ")]
    [TestCase("/opt/rocm", "--to names /opt/rocm, which is not below --root")]
    public void Rocm_that_is_not_there_is_named(string to, string message) =>
        Assert.That(
            () => new RocmSwitch().Run(Open(("to", to), ("root", "machine"))),
            Throws.TypeOf<CakeException>().With.Message.StartsWith(message)
        );

    [Test]
    public void Machine_without_ollama_and_command_without_a_target_are_errors()
    {
        Directory.Delete(build.PathOf("machine/usr"), recursive: true);

        Assert.That(
            () => new RocmSwitch().Run(Open(("to", "system"), ("root", "machine"))),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("no Ollama is in ")
        );
        Assert.That(
            () => new RocmSwitch().Run(Open(("root", "machine"))),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo("RocmSwitch needs --to=, for instance ./build.sh --target=RocmSwitch --to=system --dryrun")
        );
    }

    [Test]
    public void Switch_that_answers_with_the_wanted_library_stays()
    {
        using var ollama = Ollama();
        using var mapped = MemoryMappedFile.CreateFromFile(build.PathOf("machine/usr/lib/ollama/vulkan/libggml-vulkan.so"), FileMode.Open);
        using var view = mapped.CreateViewAccessor();
        log = "time=x level=INFO source=types.go:50 msg=\"inference compute\" id=0 library=Vulkan";

        Live().Switch("vulkan");

        Assert.That(build.PathOf(DropIn), Does.Exist);
        Assert.That(
            screen.ToString(),
            Does.Contain("small answered: \"hello\" (8 tokens)\ninference compute\" id=0 library=Vulkan\nloaded: ")
        );
        Assert.That(Restarts, Is.EqualTo(1));
    }

    [Test]
    public void Switch_that_answers_on_the_processor_is_undone()
    {
        using var ollama = Ollama();
        log = "level=WARN source=runner.go:584 msg=\"llama-server GPU discovery watchdog timed out\"";

        Assert.That(
            () => Live().Switch("vulkan"),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith(
                    "the switch did not pass its health check and was undone (Ollama was restarted): small answered without "
                )
                .And.Message.Contains("it has no library of a GPU loaded")
                .And.Message.EndsWith("Its log:\n  " + log)
        );

        Undone();
    }

    [TestCase("/api/generate", "Ollama answers 500: llama-server process has terminated")]
    [TestCase("/api/tags", "Ollama answers 500")]
    public void Switch_after_which_ollama_fails_is_undone(string path, string message)
    {
        using var ollama = Ollama(failing: path);

        Assert.That(() => Live().Switch("vulkan"), Throws.TypeOf<CakeException>().With.Message.Contains(message));

        Undone();
    }

    [Test]
    public void Switch_without_a_model_to_try_is_undone()
    {
        using var ollama = Ollama(models: "[]");

        Assert.That(() => Live().Switch("vulkan"), Throws.TypeOf<CakeException>().With.Message.Contains("--health-model="));

        Undone();
    }

    [Test]
    public void Switch_after_which_systemd_starts_nothing_is_undone()
    {
        build.Processes.Answer = call =>
            call.CommandLine.Contains("restart") ? new ProcessAnswer(1) { Error = ["Job for ollama.service failed"] } : new ProcessAnswer();

        Assert.That(
            () => Live().Switch("vulkan"),
            Throws.TypeOf<CakeException>().With.Message.Contains("systemctl restart ollama.service failed: Job for ollama.service failed")
        );

        Undone();
    }

    [TestCase("", "http://127.0.0.1:11434/")]
    [TestCase("0.0.0.0", "http://127.0.0.1:11434/")]
    [TestCase("0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [TestCase("https://ollama.example", "https://ollama.example/")]
    [TestCase("[::]:1234", "http://127.0.0.1:1234/")]
    public void Address_is_what_ollamas_own_client_would_ask(string host, string address) =>
        Assert.That(OllamaService.AddressOf(host).AbsoluteUri, Is.EqualTo(address));

    private int Restarts => build.Processes.CommandLines.Count(c => c == "systemctl restart ollama.service");

    private void Undone()
    {
        Assert.That(build.PathOf("machine/etc/systemd/system/ollama.service.d"), Does.Not.Exist);
        Assert.That(Directory.EnumerateFileSystemEntries(build.PathOf("machine/var/lib")), Is.Empty);
        Assert.That(Restarts, Is.EqualTo(2), "with the switch, and without it");
    }

    private SampleServer Ollama(string? failing = null, string models = """[{"name":"large","size":9},{"name":"small","size":1}]""")
    {
        var server = new SampleServer(
            (request, response) =>
            {
                if (request.Url!.AbsolutePath == failing)
                {
                    response.StatusCode = 500;
                    return "llama-server process has terminated";
                }

                return request.Url.AbsolutePath switch
                {
                    "/api/tags" => $$"""{"models":{{models}}}""",
                    "/api/generate" => """{"response":"hello","eval_count":8}""",
                    _ => "{}",
                };
            }
        );
        build.Processes.Answer = call =>
            call.CommandLine switch
            {
                var c when c.Contains("Environment") => new ProcessAnswer(0, $"HOME=/root OLLAMA_HOST={server.Address}"),
                var c when c.Contains("ControlGroup") => new ProcessAnswer(0, "/system.slice/ollama.service"),
                var c when c.StartsWith("journalctl") => new ProcessAnswer(0, log),
                _ => new ProcessAnswer(),
            };
        return server;
    }

    private RocmSwitcher Live()
    {
        var context = Open();
        return new(
            context,
            build.PathOf("machine"),
            new OllamaService(context, "ollama.service") { Sign = build.PathOf("systemd"), Hierarchy = build.PathOf("cgroup") }
        );
    }

    private BuildContext Open(params (string Name, string Value)[] arguments) => build.Open(arguments);
}
