using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Offload;
using Gfxbake.Host.Tests.Acceptance;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>
/// The way of a compiled variant on a HIP program that compiles in seconds: compile, trace, plan, slim, verify, on the CPU, on the null GPU
/// and on the emulated one.
/// </summary>
[TestFixture("podman")]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class HipSampleTests(string engine)
{
    private const string Library = "/usr/lib/x86_64-linux-gnu";
    private const string Backend = Library + "/sample/libsample-hip.so";

    private Checkout checkout = null!;
    private KeptFiles kept = null!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine, fixture: "hip-sample") { Variant = "native" };
        var outcome = checkout.Run("--target=MinimalImage", "--source=source", "--provision");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        kept = KeptFiles.Of(checkout);
    }

    [OneTimeTearDown]
    public void Delete() => checkout.Dispose();

    [Test]
    public void Verification_ran_on_the_cpu_and_on_both_gpus()
    {
        var verify = RecordFile.TryRead<VerifyRecord>(checkout.Artifact("verify.json"))!;

        Assert.Multiple(() =>
        {
            Assert.That(verify.Passed, Is.True);
            Assert.That(
                verify.Workloads.Select(w => w.Name),
                Is.EqualTo(new[] { "files", "configuration", "paths", "cpu", "null", "emulated" })
            );
        });
    }

    [TestCase(Backend, "Traced")]
    [TestCase(Library + "/libamd_comgr.so.3.0.0", "Traced")]
    [TestCase(Library + "/rocblas/5/library/TensileLibrary_lazy_gfx1151.dat", "Traced")]
    [TestCase(Library + "/rocblas/5/library/Kernels.so-000-gfx1151.hsaco", "KernelOfTarget")]
    [TestCase(Library + "/rocblas/5/library/TensileLibrary_Type_SS_Contraction_l_Ailk_Bjlk_Cijk_Dijk_fallback.dat", "KernelOfAnyGpu")]
    [TestCase("/usr/share/doc/hip-sample/copyright", "LicenceOf")]
    public void Plan_keeps_a_file_for_its_reason(string path, string reason) => Assert.That(kept.ReasonsFor(path), Does.Contain(reason));

    [Test]
    public void No_code_of_another_gpu_stays() =>
        Assert.Multiple(() =>
        {
            Assert.That(kept.NamesOfOtherGpus("gfx1151"), Is.Empty);
            Assert.That(kept.CodeIn(Library + "/librocblas.so.5.2"), Is.EqualTo(new[] { "gfx1151" }));
            Assert.That(kept.CodeIn(Backend), Is.EqualTo(new[] { "gfx1151" }));
        });

    [TestCase(Backend, "  cpu\n")]
    [TestCase(Library + "/libamd_comgr.so.3.0.0", "  null\n")]
    public void Image_without_a_part_is_not_verified(string path, string workload) => AssertNotVerified(path, null, path, workload);

    // The kernel is there and is launched, so only what it computes tells.
    [Test]
    public void Image_with_one_bit_of_a_kernel_flipped_is_not_verified()
    {
        AssertNotVerified(Backend, FlipBit, "  emulated\n    exit status 1", "the output lacks /^result: right$/");
        Assert.That(File.ReadAllText(checkout.Artifact("logs", "failed-emulated.log")), Does.Contain("\nresult: WRONG\n"));
    }

    private void FlipBit(string file)
    {
        using (var full = ImageFileSystem.Open(checkout.Artifact("full.tar")))
        using (var library = full.OpenFile(full.Find(Backend)!))
        using (var copy = File.Create(file))
            library.CopyTo(copy);
        Assert.That(KernelCode.Edit(file, TargetId.Parse("gfx1151"), "_Z5scale", KernelBit.FlipProduct), Is.Not.Empty);
    }

    private void AssertNotVerified(string path, Action<string>? other, params string[] said)
    {
        var file = checkout.Artifact("candidate.json");
        var good = RecordFile.TryRead<MinimalRecord>(file)!;
        var verified = File.ReadAllText(checkout.Artifact("verify.json"));
        using var hole = new Hole(checkout.Engine, checkout.Image("base"), checkout.Image("candidate"), path, other);
        try
        {
            RecordFile.Write(file, good with { Image = hole.Image, ImageId = hole.Id });
            Fails(checkout.Run("--target=VerifyMinimal", "--exclusive"), ["is not proven", .. said]);
        }
        finally
        {
            RecordFile.Write(file, good);
            File.WriteAllText(checkout.Artifact("verify.json"), verified);
        }
    }

    // podman 4.3 mounts nothing of a stage that it has cached.
    [Test]
    public void Change_after_the_compile_takes_the_compiled_program_from_the_cache()
    {
        using (
            checkout.Change(
                "RUNTIME_PACKAGES: libstdc++6\n      HIP_COMPILER: clang",
                "RUNTIME_PACKAGES: libstdc++6 libgcc-s1\n      HIP_COMPILER: clang"
            )
        )
        {
            var outcome = checkout.Run("--target=FullImage", "--source=source");

            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            Assert.That(
                File.ReadAllText(checkout.Artifact("logs", "full.log")),
                Does.Not.Contain("gfxbake: compiled in"),
                "compiled again"
            );
        }
    }

    [Test]
    public void Compile_error_shows_what_the_compiler_said_and_where_the_log_is()
    {
        using (Checkout.ChangeFile(Path.Combine(checkout.Source, "backend.hip"), "__global__", "broken on purpose __global__"))
        {
            Fails(
                checkout.Run("--target=FullImage", "--source=source"),
                "backend.hip:",
                "error: ",
                "broken on purpose",
                "logs/full.log",
                "Next: "
            );
            Assert.That(File.ReadAllText(checkout.Artifact("logs", "full.log")), Does.Contain("broken on purpose").And.Contain("cmake"));
        }
    }

    [Test]
    public void Gpu_that_the_compiler_does_not_know_is_named_before_anything_is_compiled()
    {
        var gpus = Path.Combine(checkout.Root, "recipes", "_shared", "gpus.yml");
        const string madeUp =
            "  gfx9999: {names: [made up], gfx_target_version: 909999, family_id: 150, compute_units: 1, memory: 1073741824}\n";
        using (Checkout.ChangeFile(gpus, "gpus:\n", "gpus:\n" + madeUp))
        using (checkout.Change("code_target: gfx1151", "code_target: gfx9999"))
        {
            var outcome = checkout.Run("--target=FullImage", "--source=source");

            Fails(outcome, "the HIP compiler can't make code for gfx9999", "Next: correct code_target");
            Assert.That(outcome.Output, Does.Not.Contain("CMakeLists"));
        }
    }

    private static void Fails(Outcome outcome, params string[] said) =>
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero);
            foreach (var words in said)
                Assert.That(outcome.Output, Does.Contain(words));
        });
}
