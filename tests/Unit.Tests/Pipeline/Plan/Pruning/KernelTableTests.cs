using Gfxbake.Unit.Tests.Formats.Tensile;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

/// <summary>Tables of rocBLAS's that name files: a plan that leaves one of these out does not hold.</summary>
public sealed class KernelTableTests
{
    private const string Folder = "/usr/lib/rocblas/4.4/library";

    [Test]
    public void Plan_that_keeps_everything_that_tables_name_holds()
    {
        using var image = RocBlas();

        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [TestCase("HH_fallback.dat", "SIGSEGV")]
    [TestCase("HH_fallback_gfx1100.hsaco", "some computations on gfx1100 fail")]
    [TestCase("HH_gfx1100.co", "some computations on gfx1100 fail")]
    [TestCase("Kernels.so-000-gfx1100.hsaco", "some computations on gfx1100 fail")]
    public void File_that_a_kept_table_names_must_stay(string dropped, string why)
    {
        using var image = RocBlas(kernels: [Folder + "/*lazy*", .. Names.Where(n => n != dropped).Select(n => $"{Folder}/{n}")]);

        Assert.That(
            image.Plan.Problems,
            Has.One.Contains($"{Folder}/{dropped}").And.One.Contains(why).And.One.Contains("recipes/_shared/rocm.yml")
        );
    }

    [Test]
    public void File_that_never_was_in_the_image_is_not_lost_here()
    {
        using var image = RocBlas(without: "HH_gfx1100.co");

        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Table_that_cannot_be_read_is_a_problem()
    {
        using var image = RocBlas();
        image.Image.File(Folder + "/TensileLibrary_lazy_gfx1100.dat", [0xc1]);

        Assert.That(image.Plan.Problems, Has.One.Contains("can't be followed"));
    }

    private static readonly string[] Names =
    [
        "HH_fallback.dat",
        "HH_fallback_gfx1100.hsaco",
        "HH_gfx1100.dat",
        "HH_gfx1100.co",
        "Kernels.so-000-gfx1100.hsaco",
    ];

    private static PlannedImage RocBlas(string[]? kernels = null, string? without = null)
    {
        var image = new PlannedImage();
        image.Image.File("/usr/lib/librocblas.so.4", new Gfxbake.Unit.Tests.Formats.Elf.ElfBuilder { SoName = "librocblas.so.4" });
        image.Image.File(Folder + "/TensileLibrary_lazy_gfx1100.dat", TableBuilder.Lazy("HH_fallback", "HH_gfx1100"));
        foreach (var name in Names.Where(n => n != without))
        {
            image.Image.File(
                $"{Folder}/{name}",
                name == "HH_fallback.dat" ? TableBuilder.Kernels(true)
                    : name == "HH_gfx1100.dat" ? TableBuilder.Kernels(false)
                    : [1]
            );
        }

        image.Kernels("librocblas.so.*", kernels ?? [Folder + "/*"]).Trace("/usr/lib/librocblas.so.4");
        return image;
    }
}
