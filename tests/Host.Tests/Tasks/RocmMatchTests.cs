using Cake.Core;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target RocmMatch, on a made-up machine.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class RocmMatchTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        var facts = Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared", "ollama.yml");
        build.Write("recipes/_shared/ollama.yml", "");
        File.Copy(facts, build.PathOf("recipes/_shared/ollama.yml"), overwrite: true);
        Directory.CreateDirectory(build.PathOf("machine/etc"));
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Machine_without_Ollama_says_where_it_looked_and_what_to_do() =>
        Assert.That(
            () => Run(("root", "machine")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains("/usr/local/lib/ollama")
                .And.Message.Contains("--target=RocmMatch --ollama=")
        );

    [TestCase("root")]
    [TestCase("ollama")]
    [TestCase("rocm")]
    public void Folder_that_is_not_there_is_named(string argument) =>
        Assert.That(() => Run((argument, "nowhere")), Throws.TypeOf<CakeException>().With.Message.Contains($"--{argument} names"));

    [Test]
    public void Half_an_installation_is_told_and_fails_when_no_way_is_left()
    {
        Ollama();

        Assert.That(() => Run(("root", "machine"), ("json", "")), Throws.TypeOf<CakeException>().With.Message.Contains("none of the ways"));
        Assert.That(File.ReadAllText(build.PathOf("artifacts/rocm-match/match.json")), Does.Contain("\"verdict\": \"CannotLoad\""));
        Assert.That(build.PathOf("artifacts/rocm-match/match.html"), Does.Exist);
        Assert.That(File.ReadAllText(build.PathOf("artifacts/rocm-match/match.md")), Does.Contain("## Pairings"));
    }

    [Test]
    public void Way_that_is_possible_passes()
    {
        Ollama();
        Write("machine/usr/local/lib/ollama/vulkan/libggml-vulkan.so");

        Assert.That(Run(("root", "machine")), Does.Contain("Recommended: vulkan"));
    }

    private void Ollama()
    {
        Write("machine/usr/local/bin/ollama");
        Write("machine/usr/local/lib/ollama/rocm/libggml-hip.so");
    }

    private void Write(string path) => build.Write(path, "");

    private string Run(params (string Name, string Value)[] arguments)
    {
        return StandardOutput.Of(() =>
        {
            new RocmMatch().Run(build.Open(arguments));
        });
    }
}
