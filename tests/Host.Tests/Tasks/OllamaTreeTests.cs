using System.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Elf;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Engine;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>BuildOllama with the real CMake, Ninja and gcc on a small source of Ollama's shape; go is a script.</summary>
[TestFixture]
[Category(Needs.Compiler)]
[NonParallelizable]
internal sealed class OllamaTreeTests
{
    private const string Out = "artifacts/sample/ollama/lib/ollama";

    private OllamaSample sample = null!;

    [SetUp]
    public void SetUp()
    {
        sample = new OllamaSample();
        sample.Build.Fixture.RealProcesses = true;
        var tree = Checkout.FixtureFolder("ollama-tree");
        foreach (var file in Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories))
            sample.Build.Write(Path.GetRelativePath(tree, file), File.ReadAllBytes(file));
        sample.Build.Write($"{OllamaSample.Stage}/usr/include/hip/sample_of_a_stage.h", "");
        foreach (var tool in new[] { "cmake", "git", "ninja" })
            Link(tool);
        sample.Build.Write(
            "bin/go",
            "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" != -o ] || { mkdir -p \"${2%/*}\"; echo program > \"$2\"; }; shift; done\n"
                + "echo go version go1.27\n"
        );
        File.SetUnixFileMode(sample.Build.PathOf("bin/go"), (UnixFileMode)0b111_101_101);
    }

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void Tree_is_compiled_by_its_own_presets_against_the_stage()
    {
        Run();

        var hip = sample.Build.PathOf($"{Out}/rocm_v7_2/libggml-hip.so");
        using var stream = File.OpenRead(hip);
        Assert.That(ElfFile.TryRead(stream)!.Needed, Does.Contain("libggml-base.so.0"));
        Assert.That(File.ReadAllText(hip, System.Text.Encoding.Latin1), Does.Contain("code for gfx1151").And.Contain("$ORIGIN"));
        Assert.That(new FileInfo(sample.Build.PathOf($"{Out}/libggml-base.so")).LinkTarget, Is.EqualTo("libggml-base.so.0"));
        // It finds its library in its own folder, and nowhere else is one.
        using var server = Process.Start(sample.Build.PathOf($"{Out}/llama-server"));
        server.WaitForExit();
        Assert.That(server.ExitCode, Is.EqualTo(7));
        Assert.That(sample.Build.PathOf("artifacts/sample/ollama/bin/ollama"), Does.Exist);
    }

    [Test]
    public void Second_run_compiles_nothing_and_a_changed_file_only_what_it_must()
    {
        Run();
        Run();
        Assert.That(sample.Build.Log, Has.Some.Contains("nothing to do"));

        sample.Build.Write("llama.cpp/base.c", "int base(void) {\n  return 8;\n}\n");
        Run();
        using var server = Process.Start(sample.Build.PathOf($"{Out}/llama-server"));
        server.WaitForExit();
        Assert.That(server.ExitCode, Is.EqualTo(8));
    }

    [Test]
    public void First_error_of_the_compiler_is_shown_and_the_next_run_goes_on()
    {
        var good = File.ReadAllText(sample.Build.PathOf("llama.cpp/hip.c"));
        sample.Build.Write("llama.cpp/hip.c", "#error no such GPU\n");

        Assert.That(Run, Throws.TypeOf<CakeException>().With.Message.Contains("#error no such GPU"));
        Assert.That(sample.Build.PathOf("artifacts/sample/ollama"), Does.Not.Exist);

        sample.Build.Write("llama.cpp/hip.c", good);
        Assert.That(Run, Throws.Nothing);
    }

    [Test]
    public void Stage_without_what_the_source_looks_for_is_cmake_s_error()
    {
        File.Delete(sample.Build.PathOf($"{OllamaSample.Stage}/usr/include/hip/sample_of_a_stage.h"));

        Assert.That(Run, Throws.TypeOf<CakeException>().With.Message.Contains("Could not find HIP_FOLDER"));
    }

    /// <summary>The tool of this machine, where the sample's programs are looked for.</summary>
    private void Link(string tool)
    {
        var real = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(f => Path.Combine(f, tool)).First(File.Exists);
        File.Delete(sample.Build.PathOf($"bin/{tool}"));
        File.CreateSymbolicLink(sample.Build.PathOf($"bin/{tool}"), real);
    }

    private void Run()
    {
        try
        {
            sample.Build.CommandLine = new CommandLine([]);
            new BuildOllama().Run(sample.Build.Open(("source", "ollama=ollama"), ("source", "llama.cpp=llama.cpp"), ("jobs", "2")));
        }
        finally
        {
            sample.Build.Interruption.Release();
        }
    }
}
