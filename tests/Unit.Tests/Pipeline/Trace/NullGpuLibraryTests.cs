using Gfxbake.Unit.Tests.Formats.Offload.RealTools;

namespace Gfxbake.Unit.Tests.Pipeline.Trace;

/// <summary>
/// The null GPU's library, compiled with ASAN and UBSAN, under a program that plays ROCr: tests/fixtures/nullgpu. Packets, descriptors,
/// arguments and code objects come from what is under test, so all of them are hostile.
/// </summary>
[Category(Needs.Compiler)]
public sealed class NullGpuLibraryTests
{
    private SanitizedProgram? program;

    private string Harness => program!.File;

    [OneTimeSetUp]
    public void Build()
    {
        var library = Path.Combine(RepositoryRoot.Path, "docker", "devices", "hsa");
        program = new SanitizedProgram("nullgpu", [$"-I{library}", .. Sources(library), .. Sources(Fixtures)]);
    }

    [OneTimeTearDown]
    public void Delete() => program?.Dispose();

    [TestCase("allocations_are_looked_up")]
    [TestCase("newer_allocation_replaces_what_it_overlaps")]
    [TestCase("device_memory_that_is_not_mapped_is_refused")]
    [TestCase("large_memory_is_not_zeroed_until_the_gpu_is_made")]
    [TestCase("copies_move_their_bytes_and_no_others")]
    [TestCase("fills_write_their_words_and_no_others")]
    [TestCase("other_kernels_are_no_copies")]
    [TestCase("copies_of_foreign_memory_are_refused")]
    [TestCase("arguments_that_do_not_fit_are_refused")]
    [TestCase("unknown_kernels_of_the_runtime_are_refused")]
    [TestCase("kernels_that_are_there_pass")]
    [TestCase("kernels_that_are_not_there_are_named")]
    [TestCase("kernels_without_a_code_object_have_no_name")]
    [TestCase("hostile_names_are_printable_and_short")]
    [TestCase("packets_are_done_in_order")]
    [TestCase("barriers_wait_for_their_signals")]
    [TestCase("launch_of_a_missing_kernel_ends_the_program")]
    [TestCase("wild_addresses_end_the_program")]
    public void Library_passes(string test) => Toolchain.Run(Harness, test);

    [Test]
    public void Each_test_of_the_harness_is_run() =>
        Assert.That(
            Toolchain.Run(Harness).Split('\n').Where(l => l.Length > 0 && !l.StartsWith("gfxbake", StringComparison.Ordinal)),
            Is.EqualTo(
                typeof(NullGpuLibraryTests)
                    .GetMethod(nameof(Library_passes))!
                    .GetCustomAttributes(typeof(TestCaseAttribute), false)
                    .Cast<TestCaseAttribute>()
                    .Select(a => a.Arguments[0])
            )
        );

    [TestCase("hostile_launches", 1)]
    [TestCase("hostile_packets", 10)]
    public void Hostile_input_is_refused_with_a_sentence(string test, int cost) =>
        Toolchain.Run(Harness, test, $"{Rounds.Seed}", $"{Math.Max(1, Rounds.Count / cost)}");

    // Without ASAN and UBSAN the tests above prove little.
    [Test]
    public void Harness_is_built_with_sanitizers() =>
        Assert.That(Toolchain.Run("readelf", "--wide", "--dyn-syms", Harness), Does.Contain("__asan_report").And.Contain("__ubsan_handle"));

    private static string Fixtures => Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "nullgpu");

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.c").Order(StringComparer.Ordinal);
}
