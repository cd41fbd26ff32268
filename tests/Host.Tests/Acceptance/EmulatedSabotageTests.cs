using System.Buffers.Binary;
using Gfxbake.Formats.Offload;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// Damages one file of the real minimal image and expects the emulated GPU's numbers to be wrong, or its program to end with what is wrong.
/// Needs what ./build.sh --target=MinimalImage makes, and ./build.sh --target=RecordAnswers --standins=comgr.
/// </summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[Category(Needs.Night)]
[NonParallelizable]
internal sealed class EmulatedSabotageTests
{
    private const string Workload = "server-emulated-f16",
        Libraries = "/usr/lib/x86_64-linux-gnu/",
        Backend = Libraries + "ggml/backends0/libggml-hip.so",
        Comgr = Libraries + "libamd_comgr.so.3.0.0",
        Kernels = Libraries + "rocblas/4.4.1/library/TensileLibrary_Type_",
        Halves = Kernels + "HH_Contraction_l_Alik_Bljk_Cijk_Dijk_",
        Singles = Kernels + "SS_Contraction_l_Alik_Bljk_Cijk_Dijk_";

    private static readonly TargetId Gpu = TargetId.Parse("gfx1100");

    private static readonly string StandIn = Path.Combine(EmulatedImage.Build, "standins", "comgr");

    private EmulatedImage image = null!;

    [OneTimeSetUp]
    public void NeedImage()
    {
        Assert.That(
            File.Exists(Path.Combine(EmulatedImage.Build, "minimal.json")),
            Is.True,
            "no minimal image; run ./build.sh --target=MinimalImage"
        );
        Assert.That(File.Exists(StandIn), Is.True, "no stand-in for comgr; run ./build.sh --target=RecordAnswers --standins=comgr");
        image = new EmulatedImage();
    }

    [OneTimeTearDown]
    public void Delete() => image?.Dispose();

    [Test]
    public void Image_as_it_is_passes() => AssertPasses(image.Judge(Workload));

    [Test]
    public void Numbers_are_others_when_one_bit_of_a_kernel_is()
    {
        var file = Edited(Backend, "_ZL12rms_norm_f32", KernelBit.FlipSquare);

        AssertOtherNumbers(image.Judge(Workload, Backend, file));
    }

    [Test]
    public void Word_that_is_no_instruction_is_named_with_its_kernel()
    {
        var file = Edited(Backend, "_ZL12rms_norm_f32", KernelBit.FlipFirst);

        AssertEnds(image.Judge(Workload, Backend, file), "gfxbake-emugpu: kernel _ZL12rms_norm_f32.*: no instruction that is known");
    }

    [Test]
    public void Numbers_are_others_when_one_bit_of_a_product_of_matrices_is()
    {
        const string Path = Halves + "gfx1100.co";

        AssertOtherNumbers(image.Judge(Workload, Path, Edited(Path, "Cijk_", KernelBit.FlipMatrix)));
    }

    // Only the full image has another GPU's files.
    [TestCase(Halves + "gfx1100.co", Singles + "gfx1100.co", false)]
    [TestCase(Halves + "gfx1100.co", Halves + "gfx1102.co", true)]
    [TestCase(Halves + "gfx1100.dat", Halves + "gfx1102.dat", true)]
    [TestCase(Halves + "gfx1100.dat", Halves + "fallback.dat", false)]
    public void File_of_rocblas_does_not_pass_for_another(string path, string other, bool ofFull) =>
        AssertEnds(image.Judge(Workload, path, image.Copy(other, ofFull)), "ROCm error: CUBLAS_STATUS_INTERNAL_ERROR");

    // HIP's own kernels that copy and fill, in the place of those that comgr compiles.
    [Test]
    public void Recorded_kernels_of_hip_pass_and_those_of_another_gpu_do_not()
    {
        var other = image.Copy(Comgr);
        File.Copy(StandIn, other, overwrite: true);

        AssertPasses(image.Judge(Workload, Comgr, other));
        Assert.That(ChangeTarget(other), Is.GreaterThan(0));
        AssertEnds(image.Judge(Workload, Comgr, other), "ROCm error: out of memory");
    }

    private string Edited(string path, string kernels, KernelCode.Change change)
    {
        var file = image.Copy(path);
        Assert.That(KernelCode.Edit(file, Gpu, kernels, change), Is.Not.Empty);
        return file;
    }

    /// <summary>Gives each code object another target in its header (LLVM's AMDGPUUsage, EF_AMDGPU_MACH): gfx1030.</summary>
    /// <returns>How many there were.</returns>
    private static int ChangeTarget(string file)
    {
        const int MachineAt = 18,
            FlagsAt = 48,
            AmdGpu = 224,
            Gfx1100 = 0x41,
            Gfx1030 = 0x36;
        var bytes = File.ReadAllBytes(file);
        var changed = 0;
        for (var at = 1; bytes.AsSpan(at).IndexOf("\u007fELF"u8) is >= 0 and var next; at++)
        {
            at += next;
            var header = bytes.AsSpan(at);
            if (BinaryPrimitives.ReadUInt16LittleEndian(header[MachineAt..]) != AmdGpu || header[FlagsAt] != Gfx1100)
                continue;
            header[FlagsAt] = Gfx1030;
            changed++;
        }

        File.WriteAllBytes(file, bytes);
        return changed;
    }

    private static void AssertPasses(WorkloadVerdict verdict) =>
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Problems, Is.Empty);
            Assert.That(verdict.Unproven, Is.Null);
            Assert.That(verdict.Numbers.Single().Compared, Is.GreaterThanOrEqualTo(300));
        });

    /// <summary>The program ended well, so nothing but its numbers tells.</summary>
    private static void AssertOtherNumbers(WorkloadVerdict verdict) =>
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Problems, Has.Some.Contains(" apart, 0.05 is allowed").Or.Some.Contains("which stands for a NaN"));
            Assert.That(verdict.Problems, Has.None.StartsWith("exit status").And.None.StartsWith("the output"));
        });

    private void AssertEnds(WorkloadVerdict verdict, string said) =>
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Problems, Is.Not.Empty);
            Assert.That(image.LogOf(Workload), Does.Match(said));
        });
}
