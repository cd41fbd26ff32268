using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Cake.Core;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The targets RunOllama and ShareBuild, with a shell script as Ollama and a server of the test that answers for it.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class RunOllamaTests
{
    private OllamaSample sample = null!;

    [SetUp]
    public void SetUp()
    {
        sample = new OllamaSample();
        sample.Build.Machine = new HostTree(Directory.CreateDirectory(sample.Build.PathOf("machine")).FullName);
        sample.Build.Write("artifacts/sample/ollama/lib/ollama/llama-server", "");
        sample.Build.Write("artifacts/sample/ollama/lib/ollama/rocm_v7_2/libggml-hip.so", "");
        Script("0.32-igpu.log");
    }

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void Dry_run_prints_the_variables_and_the_command_and_writes_nothing()
    {
        var said = Run(("gpu", "gfx1103"), ("print-only", ""), ("port", "4711"), ("model-base", "models"));
        var stage = $"{sample.Build.Root}/{OllamaSample.Stage}/usr/lib64";

        Assert.That(
            said,
            Does.Contain(
                    $"LD_LIBRARY_PATH=\"{stage}:{stage}/rocm/llvm/lib\"\n"
                        + $"ROCBLAS_TENSILE_LIBPATH=\"{stage}/rocblas/library\"\nOLLAMA_IGPU_ENABLE=\"1\"\n"
                )
                .And.Contain("OLLAMA_HOST=127.0.0.1:4711")
                .And.Contain($"OLLAMA_MODELS={sample.Build.PathOf("models")}")
                .And.Contain("ollama/bin/ollama serve")
        );
        Assert.That(sample.Build.PathOf("artifacts/sample/ollama-rocm.env"), Does.Not.Exist);
    }

    [Test]
    public void Check_ends_the_server_and_tells_what_its_log_says()
    {
        var port = LoopbackPort.Free();
        using var server = Answering(port);
        var said = Run(("gpu", "gfx1103"), ("check", ""), ("port", $"{port}"));

        Assert.That(said, Does.Contain("Ollama has taken a GPU"));
        Assert.That(File.ReadAllText(sample.Build.PathOf("artifacts/sample/ollama-server.log")), Does.Contain("ended by SIGTERM"));
        Assert.That(File.ReadAllText(sample.Build.PathOf("artifacts/sample/ollama-rocm.env")), Does.Contain("LD_LIBRARY_PATH="));
    }

    [Test]
    public void Log_without_a_gpu_fails_after_the_report()
    {
        Script("0.32-cpu.log");
        var port = LoopbackPort.Free();
        using var server = Answering(port);

        Assert.That(
            () => Run(("gpu", "gfx1103"), ("check", ""), ("port", $"{port}")),
            Throws.TypeOf<CakeException>().With.Message.Contains("Ollama has no GPU")
        );
    }

    [TestCase(PosixSignal.SIGINT, 130)]
    [TestCase(PosixSignal.SIGTERM, 143)]
    public void Signal_ends_the_server_too_and_the_log_is_told(PosixSignal signal, int status)
    {
        var port = LoopbackPort.Free();
        using var server = Answering(port);
        using var build = new RunningBuild(Start("--target=RunOllama", "--recipe=sample", "--gpu=gfx1103", $"--port={port}"));
        build.WaitForText("it answers on http://127.0.0.1");

        build.Signal(signal);
        var outcome = build.End(TimeSpan.FromSeconds(30));

        Assert.That(outcome.Status, Is.EqualTo(status), outcome.Output);
        Assert.That(outcome.Output, Does.Contain("Ollama has taken a GPU"));
        Assert.That(File.ReadAllText(sample.Build.PathOf("artifacts/sample/ollama-server.log")), Does.EndWith("ended by SIGTERM\n"));
    }

    [Test]
    public void Program_that_ends_before_it_answers_is_told_with_its_last_words()
    {
        sample.Build.Write("artifacts/sample/ollama/bin/ollama", "#!/bin/sh\necho no room >&2\nexit 3\n");

        Assert.That(
            () => Run(("gpu", "gfx1103"), ("port", $"{LoopbackPort.Free()}")),
            Throws.TypeOf<CakeException>().With.Message.Contains("ended with status 3").And.Message.Contains("no room")
        );
    }

    [Test]
    public void Machine_without_a_gpu_needs_its_name() =>
        Assert.That(
            () => Run(),
            Throws.TypeOf<CakeException>().With.Message.Contains("--target=RunOllama").And.Message.Contains("--gpu=gfx1103")
        );

    [Test]
    public void Gpus_of_the_machine_are_found_and_of_several_one_is_named()
    {
        Gpu(1, 110003);
        Assert.That(Run(("print-only", "")), Does.Contain("gfx1103"));

        Gpu(2, 110000);
        sample.Build.Machine = new HostTree(sample.Build.PathOf("machine"));
        Assert.That(() => Run(("print-only", "")), Throws.TypeOf<CakeException>().With.Message.Contains("gfx1103 and gfx1100"));
    }

    [Test]
    public void Without_an_Ollama_the_error_says_what_to_run()
    {
        Directory.Delete(sample.Build.PathOf("artifacts/sample/ollama"), recursive: true);

        Assert.That(() => Run(("gpu", "gfx1103")), Throws.TypeOf<CakeException>().With.Message.Contains("--target=BuildOllama"));
    }

    [Test]
    public void Share_lists_and_packs_without_anything_personal_and_the_same_again()
    {
        sample.Build.Write("artifacts/sample/ollama-server.log", $"started in {sample.Build.Root} by 10.1.2.3\n");
        sample.Build.Write("machine/proc/cmdline", "root=/dev/sda1 amdgpu.gttsize=4096 quiet\n");
        var said = Share(("output", "one.tar.zst"));
        Share(("output", "two.tar.zst"));

        Assert.That(said, Does.Contain("ollama-server.log").And.Contain("machine.txt").And.Contain("doctor.txt").And.Contain("1 ip"));
        Assert.That(
            File.ReadAllBytes(sample.Build.PathOf("one.tar.zst")),
            Is.EqualTo(File.ReadAllBytes(sample.Build.PathOf("two.tar.zst")))
        );
    }

    [Test]
    public void Share_that_is_only_shown_writes_nothing()
    {
        Share(("output", "one.tar.zst"), ("print-only", ""));

        Assert.That(sample.Build.PathOf("one.tar.zst"), Does.Not.Exist);
    }

    private void Gpu(int node, int version) =>
        sample.Build.Write($"machine/sys/class/kfd/kfd/topology/nodes/{node}/properties", $"gfx_target_version {version}\n");

    private void Script(string log)
    {
        var text = Path.Combine(Checkout.RepositoryRoot, "tests", "fixtures", "ollama-logs", log);
        sample.Build.Write(
            "artifacts/sample/ollama/bin/ollama",
            $"#!/bin/sh\n# OLLAMA_IGPU_ENABLE\ntrap 'echo ended by SIGTERM; exit 0' TERM\ncat {text}\nwhile :; do sleep 0.1; done\n"
        );
        File.SetUnixFileMode(
            sample.Build.PathOf("artifacts/sample/ollama/bin/ollama"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }

    /// <summary>The build as a process, as a terminal has it.</summary>
    private Process Start(params string[] arguments)
    {
        var info = new ProcessStartInfo(
            "dotnet",
            ["exec", typeof(BuildContext).Assembly.Location, $"--working={sample.Build.Root}", .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = sample.Build.Root,
        };
        return Process.Start(info)!;
    }

    private static HttpListener Answering(int port)
    {
        var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        listener.Start();
        _ = Task.Run(async () =>
        {
            while (listener.IsListening)
                (await listener.GetContextAsync()).Response.Close();
        });
        return listener;
    }

    private string Share(params (string Name, string Value)[] arguments) => Said(() => new ShareBuild().Run(sample.Build.Open(arguments)));

    private string Run(params (string Name, string Value)[] arguments) => Said(() => new RunOllama().Run(sample.Build.Open(arguments)));

    private string Said(Action run)
    {
        return StandardOutput.Of(() =>
        {
            sample.Build.CommandLine = new CommandLine([]);
            run();
        });
    }
}
