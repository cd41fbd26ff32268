using System.Security.Cryptography;
using Cake.Core;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Zstd;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tasks.Exports;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks.Exports;

[TestFixture]
internal sealed class LoadImageTests
{
    private SampleBuild build = null!;
    private ScriptEngine engine = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        engine = new ScriptEngine(build);
        var tar = build.PathOf("layer.tar");
        File.WriteAllText(tar, "a root file system");
        var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(tar)));
        var file = new ExportFile(build.PathOf("image.tar"));
        file.Write(
            output => DockerArchiveWriter.Write(output, tar, digest, "localhost/sample:1"),
            new ZstdEffort(1, LongDistance: false),
            _ => { }
        );
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Full_disk_is_named_with_what_to_do()
    {
        engine.Fill();

        Assert.That(
            Load,
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith("LoadImage: the disk is full: ")
                .And.Message.Contains("write /x: no space left on device")
                .And.Message.Contains("Next: free space (df -h artifacts and the engine's storage)")
        );
    }

    [Test]
    public void Engine_gets_the_checkouts_temporary_folder_for_its_copy()
    {
        engine.Fill();

        Assert.That(Load, Throws.TypeOf<CakeException>());
        Assert.That(engine.TemporaryOfLoad, Is.EqualTo(build.PathOf("artifacts/tmp")));
    }

    // Another run would sweep the folder with the engine's copy.
    [Test, CancelAfter(20_000)]
    public async Task Load_waits_for_another_build_of_this_checkout(CancellationToken end)
    {
        engine.Fill();
        Directory.CreateDirectory(build.PathOf("artifacts"));
        var other = BuildLock.Take(build.Open());
        var loading = Task.Run(Load, end);
        while (build.Log.Count == 0)
            await Task.Delay(10, end);
        var waited = !loading.IsCompleted;
        other.Dispose();

        Assert.That(async () => await loading.WaitAsync(end), Throws.TypeOf<CakeException>());
        Assert.That(waited, Is.True);
        Assert.That(build.Log[0], Does.StartWith("Information: Waiting: another build works on this checkout"));
    }

    private void Load() => new LoadImage().Run(build.Open(("file", "image.tar")));
}
