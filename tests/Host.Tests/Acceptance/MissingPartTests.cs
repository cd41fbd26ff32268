using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Offload;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// Takes one part out of the real minimal image and expects VerifyMinimal to fail by what the programs do, not only by the file's absence.
/// Needs the debian variant's minimal image; the target Test makes it first.
/// </summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[NonParallelizable]
public sealed class MissingPartTests
{
    private const string Library = "/usr/lib/x86_64-linux-gnu";
    private static readonly string Build = Path.Combine(Checkout.RepositoryRoot, "artifacts", "llama-cpp-gfx1151", "debian");

    private static string Base => RecordFile.TryRead<BaseRecord>(Path.Combine(Build, "base.json"))!.Image;

    private static Host.Tools.Engine Engine =>
        RecordFile.TryRead<EngineFinder.Choice>(Path.Combine(Checkout.RepositoryRoot, "artifacts", "engine.json"))!.Engine;

    [OneTimeSetUp]
    public void NeedImage() =>
        Assert.That(
            File.Exists(Path.Combine(Build, "minimal.json")),
            Is.True,
            "no minimal image; run ./build.sh --target=Test, which makes it first"
        );

    // llama-bench ends with 0 without comgr or LLVM: only the expectations see it.
    [TestCase(Library + "/libamd_comgr.so.3.0.0", "list-devices-null")]
    [TestCase(Library + "/libLLVM.so.21.1", "list-devices-null")]
    [TestCase(
        Library + "/rocblas/4.4.1/library/TensileLibrary_Type_HH_Contraction_l_Alik_Bljk_Cijk_Dijk_gfx1100.co",
        "completion-null-f16"
    )]
    [TestCase("/usr/share/llama.cpp/llama-server", "server-cpu")]
    public void Verification_fails_without(string path, string workload)
    {
        var minimal = RecordFile.TryRead<MinimalRecord>(Path.Combine(Build, "minimal.json"))!;
        Assert.That(
            File.ReadAllText(Path.Combine(Build, "plan.json")),
            Does.Contain($"\"{path}\""),
            "the part is not in the image under this name any more"
        );
        using var hole = new Hole(Engine, Base, minimal.Image, path);
        AssertFails(hole, minimal, workload);
    }

    [Test]
    public void Verification_fails_with_a_library_that_has_code_for_another_gpu_only()
    {
        const string Path = Library + "/ggml/backends0/libggml-hip.so";
        var minimal = RecordFile.TryRead<MinimalRecord>(System.IO.Path.Combine(Build, "minimal.json"))!;
        using var full = ImageFileSystem.Open(System.IO.Path.Combine(Build, "full.tar"));
        Stream Open() => full.OpenFile(full.Find(Path)!);
        using var hole = new Hole(
            Engine,
            Base,
            minimal.Image,
            Path,
            file =>
            {
                using var library = Open();
                using var output = File.Create(file);
                OffloadWriter.Write(
                    Open,
                    OffloadPlanner.Plan(FatBinaryReader.TryRead(library)!, [TargetId.Parse("gfx1030")], OffloadForm.Slim)!,
                    output
                );
            }
        );
        AssertFails(hole, minimal, "completion-null-f16");
    }

    // The null GPU runs no kernel, but it looks at each that is launched.
    [Test]
    public void Verification_names_a_kernel_whose_code_was_cut_out()
    {
        const string Path = Library + "/ggml/backends0/libggml-hip.so",
            Kernel = "_ZL12rms_norm_f32";
        var minimal = RecordFile.TryRead<MinimalRecord>(System.IO.Path.Combine(Build, "minimal.json"))!;
        using var full = ImageFileSystem.Open(System.IO.Path.Combine(Build, "full.tar"));
        using var hole = new Hole(
            Engine,
            Base,
            minimal.Image,
            Path,
            file =>
            {
                using (var library = full.OpenFile(full.Find(Path)!))
                using (var output = File.Create(file))
                    library.CopyTo(output);
                Assert.That(KernelCode.Cut(file, TargetId.Parse("gfx1100"), Kernel), Is.Not.Empty);
            }
        );
        AssertFails(hole, minimal, "completion-null-f16", $"gfxbake-nullgpu: kernel {Kernel}");
    }

    private static void AssertFails(Hole hole, MinimalRecord minimal, string workload, string problem = "")
    {
        using var folder = new VerifyFolder(Build, hole.Image, hole.Id);

        var outcome = folder.Verify();

        var verify = RecordFile.TryRead<VerifyRecord>(folder.VerifyFile);
        var failed = verify?.Workloads.Where(w => w.Problems.Count > 0).Select(w => w.Name).ToList() ?? [];
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero);
            Assert.That(failed, Does.Contain("paths"), outcome.Output);
            Assert.That(failed, Does.Contain(workload), outcome.Output);
            Assert.That(
                verify?.Workloads.Where(w => w.Name == workload).SelectMany(w => w.Problems),
                Has.Some.Contains(problem),
                outcome.Output
            );
            Assert.That(
                RecordFile.TryRead<MinimalRecord>(Path.Combine(Build, "minimal.json"))!.ImageId,
                Is.EqualTo(minimal.ImageId),
                "the good image keeps its name"
            );
        });
    }

    [Test]
    public void Verification_passes_on_the_image_as_it_is()
    {
        var verify = RecordFile.TryRead<VerifyRecord>(Path.Combine(Build, "verify.json"))!;

        Assert.Multiple(() =>
        {
            Assert.That(verify.Passed, Is.True);
            Assert.That(verify.Machines, Is.EqualTo("on the CPU, on the null GPU and on the emulated GPU"));
        });
    }

    [Test]
    public void Null_gpu_launched_kernels_in_every_traced_run()
    {
        foreach (
            var file in Directory.EnumerateFiles(Path.Combine(Build, "traces"), "*-null*.json").Where(f => !f.Contains("list-devices"))
        )
        {
            Assert.That(File.ReadAllText(file), Does.Match("gfxbake-nullgpu: dispatches [1-9]"), file);
        }
    }
}
