using Gfxbake.Unit.Tests.Formats.Offload.RealTools;

namespace Gfxbake.Unit.Tests.Pipeline.Trace;

/// <summary>
/// Launches that nobody should make, carried out by the emulated GPU's core with ASAN and UBSAN: code with jumps, words of any kind,
/// descriptors and sizes. Each ends by itself or with a sentence that names the kernel.
/// </summary>
[Category(Needs.Compiler)]
public sealed class EmulatorHostileTests
{
    private SanitizedProgram? program;

    private string Harness => program!.File;

    [OneTimeSetUp]
    public void Build()
    {
        program = new SanitizedProgram(
            "hostile",
            [
                $"-I{EmulatorCore.Folder}",
                .. EmulatorCore.Sources,
                Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "emulated", "hostile.c"),
            ]
        );
    }

    [OneTimeTearDown]
    public void Delete() => program?.Dispose();

    [Test]
    public void Loop_without_end_ends_with_the_kernels_name() => Toolchain.Run(Harness, "loops_end");

    // A round of code costs more: it may loop until the limit.
    [TestCase("hostile_code", 10)]
    [TestCase("hostile_words", 4)]
    [TestCase("hostile_requests", 4)]
    public void Hostile_launch_ends_by_itself_or_with_a_sentence(string test, int cost) =>
        Toolchain.Run(Harness, test, $"{Rounds.Seed}", $"{Math.Max(1, Rounds.Count / cost)}");
}
