using Gfxbake.Pipeline.Plan;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

/// <summary>The repository's rule for rocSOLVER, held against images laid out like ROCm 7.2's.</summary>
public sealed class SolverStandInTests
{
    private const string Solver = "/usr/lib/librocsolver.so.0",
        Blas = "/usr/lib/libhipblas.so.3",
        Backend = "/usr/lib/libggml-hip.so",
        Program = "/usr/bin/llama-server";

    // What Debian's libhipblas.so.3.2 imports of rocSOLVER, for each of s, d, c and z.
    private static readonly string[] Imported =
    [
        "gels",
        "gels_batched",
        "gels_strided_batched",
        "geqrf",
        "geqrf_ptr_batched",
        "geqrf_strided_batched",
        "getrf",
        "getrf_batched",
        "getrf_npvt",
        "getrf_npvt_batched",
        "getrf_npvt_strided_batched",
        "getrf_strided_batched",
        "getri_npvt_outofplace_batched",
        "getri_outofplace_batched",
        "getrs",
        "getrs_batched",
        "getrs_strided_batched",
    ];

    // Which of its own functions lead there, for each of S, D, C and Z: read off its machine code, 52 of 1,193.
    private static readonly string[] Leading =
    [
        "gels",
        "gelsBatched",
        "gelsStridedBatched",
        "geqrf",
        "geqrfBatched",
        "geqrfStridedBatched",
        "getrf",
        "getrfBatched",
        "getrfStridedBatched",
        "getriBatched",
        "getrs",
        "getrsBatched",
        "getrsStridedBatched",
    ];

    // What ggml's HIP backend imports of hipBLAS.
    private static readonly string[] Asked =
    [
        "hipblasCreate",
        "hipblasDestroy",
        "hipblasGemmBatchedEx",
        "hipblasGemmEx",
        "hipblasGemmStridedBatchedEx",
        "hipblasSetStream",
        "hipblasSgemm",
        "hipblasSgemmBatched",
        "hipblasSgemmStridedBatched",
        "hipblasStrsmBatched",
    ];

    private static StandInRule Rule => RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).StandInsOf(["rocsolver"])["rocsolver"];

    // It is bound at its start, so that one name which is missing keeps it from loading.
    [Test]
    public void Every_name_that_hipblas_binds_is_there()
    {
        using var image = Image(Asked);

        Assert.That(image.Plan.Problems, Is.Empty);
        Assert.That(image[Solver].Action, Is.EqualTo(PlanAction.StandIn));
        Assert.That(image[Solver].StandIn!.Functions, Is.EquivalentTo(Names()).And.Count.EqualTo(68));
        Assert.That(image[Solver].StandIn!.For, Is.EqualTo(new[] { Blas }));
    }

    [Test]
    public void Each_function_of_hipblas_that_leads_to_it_refutes_the_rule(
        [Values("S", "D", "C", "Z")] string type,
        [ValueSource(nameof(Leading))] string name
    )
    {
        using var image = Image([.. Asked, $"hipblas{type}{name}"]);

        Assert.That(
            image.Plan.Problems,
            Has.One.EqualTo(
                $"{Backend} imports hipblas{type}{name}, which refutes the stand-in rocsolver: hipBLAS passes these on to rocSOLVER; "
                    + "take rocsolver out of the variant's standins, or run with --standins=none"
            )
        );
    }

    [Test]
    public void Program_that_asks_by_itself_refutes_the_rule()
    {
        using var image = Image(Asked, program: new ElfBuilder { Needed = ["libggml-hip.so"], Symbols = [new("hipblasDgetrf")] });

        Assert.That(image.Plan.Problems, Has.One.StartsWith($"{Program} imports hipblasDgetrf, which refutes the stand-in rocsolver"));
    }

    [Test]
    public void Another_library_that_needs_it_is_a_problem()
    {
        using var image = Image(Asked);
        image.Image.File("/usr/lib/libhipsolver.so.1", new ElfBuilder { Needed = ["librocsolver.so.0"] });
        image.Trace("/usr/lib/libhipsolver.so.1");

        Assert.That(
            image.Plan.Problems,
            Has.One.StartsWith($"/usr/lib/libhipsolver.so.1 needs {Solver}, and the stand-in rocsolver is for libhipblas.so.* only")
        );
    }

    private static string[] Names() => [.. "sdcz".SelectMany(t => Imported.Select(n => $"rocsolver_{t}{n}"))];

    private static PlannedImage Image(IEnumerable<string> asked, ElfBuilder? program = null)
    {
        var image = new PlannedImage();
        image
            .Image.File(Program, program ?? new ElfBuilder { Needed = ["libggml-hip.so"] }, executable: true)
            .File(Backend, new ElfBuilder { Needed = ["libhipblas.so.3"], Symbols = [.. asked.Select(n => new BuiltSymbol(n))] })
            .File(Blas, new ElfBuilder { Needed = ["librocsolver.so.0"], Symbols = [.. Names().Select(n => new BuiltSymbol(n))] })
            .File(
                Solver,
                new ElfBuilder { SoName = "librocsolver.so.0", Symbols = [.. Names().Select(n => new BuiltSymbol(n) { IsDefined = true })] }
            );
        foreach (var path in new[] { Program, Backend, Blas, Solver })
            image.Trace(path);
        return image.StandIn("rocsolver", Rule);
    }
}
