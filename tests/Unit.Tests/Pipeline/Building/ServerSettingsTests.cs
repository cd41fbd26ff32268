using Gfxbake.Pipeline.Building;
using Gfxbake.Pipeline.Matching;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;
using Gfxbake.Unit.Tests.Formats.Offload;
using Gfxbake.Unit.Tests.Formats.Tensile;
using Gfxbake.Unit.Tests.Pipeline.Matching;

namespace Gfxbake.Unit.Tests.Pipeline.Building;

/// <summary>Variables of a server by the kernels that a made-up Ollama and stage have.</summary>
[TestFixture]
internal sealed class ServerSettingsTests
{
    private const string Stage = "/stage/lib64";

    private static readonly OllamaBuildFacts Facts = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).OllamaBuild;

    private MachineFolder machine = null!;

    [SetUp]
    public void SetUp() =>
        machine = new MachineFolder()
            .Ollama("E", at: "/built")
            .Library($"{Stage}/librocblas.so.5", "librocblas.so.5")
            .File($"{Stage}/libamdhip64.so.7");

    [TearDown]
    public void TearDown() => machine.Dispose();

    [Test]
    public void Own_code_in_both_needs_no_override()
    {
        Code("gfx1100", "gfx1103");
        Tables("gfx1100", "gfx1103");

        Assert.That(Names("gfx1103"), Has.None.StartsWith("HSA_OVERRIDE"));
        Assert.That(Of("gfx1103").Reasons[0], Does.Contain("nothing is overridden"));
    }

    [TestCase("gfx1103", "gfx1100", "gfx1100", "11.0.0")]
    [TestCase("gfx1103", "gfx1100 gfx1103", "gfx1100", "11.0.0", Description = "rocBLAS has no table of its own")]
    [TestCase("gfx1103", "gfx1100 gfx1102", "gfx1102 gfx1103", "11.0.2", Description = "the one that both have")]
    [TestCase("gfx1103", "gfx1151 gfx1102", "gfx1151 gfx1102", "11.0.2", Description = "the same generation first")]
    [TestCase("gfx1036", "gfx1030", "gfx1030", "10.3.0")]
    public void Without_own_code_the_one_of_the_same_kind_serves_that_both_have(string gpu, string code, string tables, string expected)
    {
        Code(code.Split(' '));
        Tables(tables.Split(' '));

        Assert.That(Of(gpu).Variables, Has.Member(KeyValuePair.Create("HSA_OVERRIDE_GFX_VERSION", expected)));
    }

    [TestCase("gfx1030", "gfx1030")]
    [TestCase("gfx1100", "gfx1151")]
    public void Where_no_code_serves_the_error_says_what_is_there(string code, string tables)
    {
        Code(code);
        Tables(tables);

        Assert.That(
            () => Of("gfx1103"),
            Throws
                .TypeOf<OllamaBuildException>()
                .With.Message.Contains($"libggml-hip.so is for {code}")
                .And.Message.Contains($"tables are for {tables}")
                .And.Message.Contains("--target=BuildOllama --gpu=")
        );
    }

    [Test]
    public void Folders_of_the_stage_are_set_and_a_missing_one_is_left_out()
    {
        Code("gfx1103");
        Tables("gfx1103");

        Assert.That(
            Of("gfx1103").Variables.Take(2),
            Is.EqualTo(
                new[]
                {
                    KeyValuePair.Create("LD_LIBRARY_PATH", $"{Stage}:/stage/llvm/lib"),
                    KeyValuePair.Create("ROCBLAS_TENSILE_LIBPATH", $"{Stage}/rocblas/library"),
                }
            )
        );
        Assert.That(Of("gfx1103", tensile: null).Variables.Select(v => v.Key), Has.None.EqualTo("ROCBLAS_TENSILE_LIBPATH"));
    }

    [TestCase("gfx1103", true, true)]
    [TestCase("gfx1103", false, false)]
    [TestCase("gfx1151", true, false)]
    public void Integrated_gpu_is_enabled_where_the_program_asks_for_it(string gpu, bool asks, bool isSet)
    {
        Code(gpu);
        Tables(gpu);
        machine.Text("/built/bin/ollama", new string('x', 3 << 20) + (asks ? "\0OLLAMA_IGPU_ENABLE\0" : "\0"));

        Assert.That(Names(gpu).Contains("OLLAMA_IGPU_ENABLE"), Is.EqualTo(isSet));
    }

    [Test]
    public void Beside_other_gpus_only_this_one_is_overridden()
    {
        Code("gfx1100");
        Tables("gfx1100");

        Assert.That(Of("gfx1103", number: 1).Variables, Has.Member(KeyValuePair.Create("HSA_OVERRIDE_GFX_VERSION_1", "11.0.0")));
    }

    [Test]
    public void Variables_that_no_Ollama_reads_are_never_set() =>
        Assert.That(Facts.Variables.Select(v => v.Name).Intersect(["GGML_HIP_FORCE_GTT", "OLLAMA_GPU_DRIVER", "OLLAMA_GPU"]), Is.Empty);

    private IEnumerable<string> Names(string gpu) => Of(gpu).Variables.Select(v => v.Key);

    private ServerSettings Of(string gpu, int? number = null, string? tensile = $"{Stage}/rocblas/library")
    {
        var tree = machine.Tree;
        return ServerSettings.Of(
            Facts,
            MachineFolder.Facts,
            tree,
            new OllamaSearch(MachineFolder.Facts, tree).Find("/built").Single(),
            new()
            {
                Libraries = Stage,
                LibraryPath = $"{Stage}:/stage/llvm/lib",
                Tensile = tensile,
                Compiler = null,
                Prefix = "/stage",
                DeviceLibraries = null,
                Version = "7.2.4",
            },
            gpu,
            number
        );
    }

    private void Code(params string[] gpus) =>
        machine.File("/built/lib/ollama/rocm_v7_2/libggml-hip.so", new FatLibraryBuilder { Bundles = [BundleBuilder.For(gpus)] }.Build());

    private void Tables(params string[] gpus)
    {
        foreach (var gpu in gpus)
        {
            machine
                .File($"{Stage}/rocblas/library/TensileLibrary_lazy_{gpu}.dat", TableBuilder.Lazy("TensileLibrary_HH_fallback"))
                .File($"{Stage}/rocblas/library/TensileLibrary_HH_fallback.dat", TableBuilder.Kernels(true))
                .File($"{Stage}/rocblas/library/TensileLibrary_HH_fallback_{gpu}.hsaco");
        }
    }
}
