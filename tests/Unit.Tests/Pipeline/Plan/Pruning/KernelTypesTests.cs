using Gfxbake.Pipeline.Plan;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

/// <summary>Kernel files of types that nobody asks for. How arguments are read is in ImportCallsTests.</summary>
public sealed class KernelTypesTests
{
    private const string Library = "/usr/lib/librocblas.so.4",
        Folder = "/usr/lib/rocblas/library/",
        Integers = Folder + "Tensile_Type_I8I_x_gfx1100.co",
        Singles = Folder + "Tensile_Type_SS_x_gfx1100.co";

    private static readonly KernelTypes Types = new()
    {
        Why = "the test says so",
        Functions = ["blas*"],
        Through = ["libblas.so.*", "librocblas.so.*"],
        Calls =
        [
            new KernelCall(["blasCreate"], Types: []),
            new KernelCall(["blasSgemm"], Types: ["151"]),
            new KernelCall(["blasGemmEx"], Arguments: [9]),
            new KernelCall(["blasOdd"], Types: ["999"]),
        ],
        Values = new Dictionary<string, IReadOnlyList<string>> { ["151"] = ["SS"], ["150"] = ["HH"] },
        Files = ["Tensile_Type_{type}_*.co"],
    };

    [Test]
    public void Files_of_types_that_nobody_asks_for_go()
    {
        using var image = Image("blasCreate", "blasSgemm");

        Assert.That(image.Plan.Problems, Is.Empty);
        Assert.That(image.Causes(Singles), Is.EqualTo($"KernelOfTarget {Library}"));
        Assert.That(image[Integers].IsKept, Is.False);
        Assert.That(image.Causes(Integers), Is.EqualTo("OtherType I8I; asked for are SS"));
        Assert.That(
            PlanExplanation.Of(image.Plan, Integers),
            Does.Contain("\n  holds kernels for the type I8I; asked for are SS, read from the calls in the kept programs\n")
                .And.Contains($"\n  with it go   1 file of {image[Integers].Size} B; --kernels=all keeps them\n")
        );
    }

    [Test]
    public void Tables_and_files_without_a_type_stay()
    {
        using var image = Image("blasSgemm");

        Assert.That(image.Causes(Folder + "Tensile_Type_I8I_x_gfx1100.dat"), Is.EqualTo($"KernelOfTarget {Library}"));
        Assert.That(image.Causes(Folder + "Kernels_gfx1100.co"), Is.EqualTo($"KernelOfTarget {Library}"));
    }

    // The library itself imports all of them, and hands on what others ask.
    [Test]
    public void Libraries_that_hand_on_do_not_count()
    {
        using var image = Image("blasSgemm");

        Assert.That(image[Integers].IsKept, Is.False);
    }

    [TestCase("blasUnknown", "/usr/bin/tool calls blasUnknown, of which nothing is known")]
    [TestCase("blasOdd", "/usr/bin/tool asks for the type 999, of which nothing is known")]
    public void What_can_not_be_read_fails_the_plan_and_keeps_all(string function, string problem)
    {
        using var image = Image("blasSgemm", function);

        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(
                new[]
                {
                    $"for which types {Library} is asked for kernels can't be read: {problem}; take `kernels: asked` out of the variant",
                }
            )
        );
        Assert.That(image[Integers].IsKept, Is.True);
    }

    [Test]
    public void Without_types_in_the_rule_all_stay()
    {
        using var image = Planned(null, "blasSgemm");

        Assert.That(image[Integers].IsKept, Is.True);
    }

    private static PlannedImage Image(params string[] imports) => Planned(Types, imports);

    private static PlannedImage Planned(KernelTypes? types, params string[] imports)
    {
        var image = new PlannedImage();
        image
            .Image.File(
                "/usr/bin/tool",
                new ElfBuilder { Needed = ["libblas.so.2"], Symbols = [.. imports.Select(i => new BuiltSymbol(i))] },
                executable: true
            )
            .File("/usr/lib/libblas.so.2", new ElfBuilder { Needed = ["librocblas.so.4"], Symbols = [new("blasEverything")] })
            .File(Library, new ElfBuilder());
        foreach (var file in new[] { Integers, Singles, Folder + "Tensile_Type_I8I_x_gfx1100.dat", Folder + "Kernels_gfx1100.co" })
            image.Image.File(file, new byte[10]);
        image.Kernels(new KernelRule("librocblas.so.*", ["/usr/lib/rocblas/**"], types));
        return image.Trace("/usr/bin/tool");
    }
}
