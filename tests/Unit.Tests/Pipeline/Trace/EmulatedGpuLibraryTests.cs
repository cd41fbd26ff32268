using Gfxbake.Unit.Tests.Formats.Offload.RealTools;

namespace Gfxbake.Unit.Tests.Pipeline.Trace;

/// <summary>
/// The emulated GPU's library with ASAN and UBSAN, under the program that plays ROCr for the null GPU: queues, copies and checks of both
/// are the same.
/// </summary>
[Category(Needs.Compiler)]
public sealed class EmulatedGpuLibraryTests
{
    private SanitizedProgram? program;

    private string Harness => program!.File;

    [OneTimeSetUp]
    public void Build()
    {
        var devices = Path.Combine(RepositoryRoot.Path, "docker", "devices");
        var fixtures = Path.Combine(RepositoryRoot.Path, "tests", "fixtures");
        var (shared, own) = (Path.Combine(devices, "hsa"), Path.Combine(devices, "emulated"));
        program = new SanitizedProgram(
            "emugpu",
            [
                $"-I{shared}",
                $"-I{own}",
                .. Sources(shared).Where(f => Path.GetFileName(f) != "nullgpu.c"),
                .. Sources(own),
                .. Sources(Path.Combine(fixtures, "nullgpu")),
                "-DGPU_RUNS_KERNELS",
                $"-I{Path.Combine(fixtures, "nullgpu")}",
                Path.Combine(fixtures, "emulated", "device", "bounds_tests.c"),
            ]
        );
    }

    [OneTimeTearDown]
    public void Delete() => program?.Dispose();

    [TestCase("copies_move_their_bytes_and_no_others")]
    [TestCase("barriers_wait_for_their_signals")]
    [TestCase("packets_are_done_in_order")]
    [TestCase("launch_of_a_missing_kernel_ends_the_program")]
    [TestCase("wild_addresses_end_the_program")]
    [TestCase("kernels_touch_what_was_allocated")]
    [TestCase("kernels_touch_nothing_else")]
    public void Library_passes(string test) => Toolchain.Run(Harness, test);

    // Each round of the second is a program of its own.
    [TestCase("hostile_launches", 4)]
    [TestCase("hostile_packets", 20)]
    public void Hostile_input_is_refused_with_a_sentence(string test, int cost) =>
        Toolchain.Run(
            "env",
            "GFXBAKE_EMU_INSTRUCTIONS=20000",
            "GFXBAKE_EMU_THREADS=2",
            Harness,
            test,
            $"{Rounds.Seed}",
            $"{Math.Max(1, Rounds.Count / cost)}"
        );

    [Test]
    public void Last_line_says_what_ran() =>
        Assert.That(
            Toolchain.Run("sh", "-c", $"'{Harness}' 2>&1"),
            Does.Contain("gfxbake-emugpu: dispatches 0 barriers 0 copies 0 fills 0 instructions 0 waves 0")
        );

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("2e9")]
    [TestCase("99999999999999999999")]
    public void Wrong_number_of_instructions_is_refused(string instructions) =>
        Assert.That(
            Toolchain.Run("sh", "-c", $"GFXBAKE_EMU_INSTRUCTIONS={instructions} '{Harness}' 2>&1 || true"),
            Does.Contain("GFXBAKE_EMU_INSTRUCTIONS is no number from 1 to ")
        );

    [TestCase("0")]
    [TestCase("many")]
    [TestCase("1025")]
    public void Wrong_number_of_threads_is_refused(string threads) =>
        Assert.That(
            Toolchain.Run("sh", "-c", $"GFXBAKE_EMU_THREADS={threads} '{Harness}' 2>&1 || true"),
            Does.Contain("GFXBAKE_EMU_THREADS is no number from 1 to 1024")
        );

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.c").Order(StringComparer.Ordinal);
}
