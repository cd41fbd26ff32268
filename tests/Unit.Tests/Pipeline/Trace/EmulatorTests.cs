using Gfxbake.Unit.Tests.Formats.Offload.RealTools;

namespace Gfxbake.Unit.Tests.Pipeline.Trace;

/// <summary>
/// The core of the emulated GPU, compiled with ASAN and UBSAN under tests/fixtures/emulated: texts, results on edge values, errors, and
/// code that is hostile.
/// </summary>
[Category(Needs.Compiler)]
public sealed class EmulatorTests
{
    private static readonly string[] Parts = ["accesses", "lanes", "launches", "main", "matrices", "random", "waves"];

    private SanitizedProgram? program;

    private string Harness => program!.File;

    [OneTimeSetUp]
    public void Build()
    {
        var fixtures = Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "emulated");
        var parts = Parts.Select(p => Path.Combine(fixtures, p + ".c"));
        program = new SanitizedProgram("emulator", [$"-I{EmulatorCore.Folder}", .. EmulatorCore.Sources, .. parts]);
    }

    [OneTimeTearDown]
    public void Delete() => program?.Dispose();

    [TestCase("text_is_llvms")]
    [TestCase("results_are_the_documents")]
    [TestCase("divisions_are_exact")]
    [TestCase("scalars_round_as_lanes")]
    [TestCase("waves_of_64_are_one")]
    [TestCase("lanes_read_other_lanes")]
    [TestCase("branches_are_taken")]
    [TestCase("matrices_are_products")]
    [TestCase("memory_is_the_documents")]
    [TestCase("executed_opcodes_have_a_case")]
    [TestCase("memory_keeps_what_is_stored")]
    [TestCase("unknown_instructions_are_named")]
    [TestCase("memory_is_asked_for")]
    [TestCase("memory_ends_where_it_ends")]
    [TestCase("waves_get_on_alike")]
    [TestCase("modes_are_obeyed")]
    [TestCase("halves_are_the_processors")]
    public void Core_passes(string test) => Toolchain.Run(Harness, test);

    [TestCase("random_words")]
    [TestCase("random_code")]
    public void Hostile_code_ends_with_a_sentence(string test) =>
        Toolchain.Run(Harness, test, $"{Rounds.Seed}", $"{Math.Max(1, Rounds.Count / 10)}");
}
