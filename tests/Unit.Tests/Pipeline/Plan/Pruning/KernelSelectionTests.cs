using Gfxbake.Recipes.Shared;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

public sealed class KernelSelectionTests
{
    [TestCase("Kernels.so-000-gfx1100.hsaco", "gfx1100")]
    [TestCase("TensileLibrary_Type_HH_Contraction_l_Ailk_Bjlk_Cijk_Dijk_gfx1100.co", "gfx1100")]
    [TestCase("TensileLibrary_lazy_gfx90a.dat", "gfx90a")]
    [TestCase("Kernels.so-000-gfx90a-xnack+.hsaco", "gfx90a")]
    [TestCase("TensileLibrary_gfx11001.co", "gfx11001")]
    [TestCase("lib_gfx11-generic.co", "gfx11-generic")]
    [TestCase("lib_gfx9-4-generic.co", "gfx9-4-generic")]
    [TestCase("gfx1100_gfx1101.kpack", "gfx1100,gfx1101")]
    [TestCase("TensileLibrary_Type_HH_fallback.dat", "")]
    [TestCase("hipblasltExtOpLibrary.dat", "")]
    [TestCase("mygfx1100.co", "")]
    [TestCase("gfx1100kernels.co", "")]
    [TestCase("gfx-cache", "")]
    public void GPUs_of_a_file_name_are_whole_words(string name, string gpus) =>
        Assert.That(string.Join(',', GpuNames.In(name)), Is.EqualTo(gpus));

    [TestCase("gfx1100/TensileLibrary.dat", "gfx1100")]
    [TestCase("gfx1100/Kernels_gfx1101.co", "gfx1101")]
    [TestCase("library/fallback.dat", "")]
    public void Last_component_that_names_a_GPU_decides(string path, string gpus) =>
        Assert.That(string.Join(',', GpuNames.InPath(path)), Is.EqualTo(gpus));

    [TestCase("gfx1151", "gfx1151", true)]
    [TestCase("gfx1151", "gfx115", false)]
    [TestCase("gfx90a", "gfx90a:xnack-", true)]
    [TestCase("gfx11-generic", "gfx1151", true)]
    [TestCase("gfx12-generic", "gfx1151", false)]
    [TestCase("gfx10-3-generic", "gfx1030", true)]
    [TestCase("gfx10-3-generic", "gfx1010", false)]
    [TestCase("gfx9-4-generic", "gfx950", true)]
    [TestCase("gfx9-generic", "gfx906", true)]
    [TestCase("gfx9-generic", "gfx90a", false)]
    public void Name_covers_target(string name, string target, bool covers) =>
        Assert.That(GpuNames.Covers(name, target), Is.EqualTo(covers));

    [Test]
    public void Kernel_files_of_the_target_and_of_no_GPU_are_kept()
    {
        using var image = RocBlas();
        image.Trace("/usr/lib/librocblas.so.4");

        Assert.That(
            image.Causes("/usr/lib/rocblas/4.4/library/Kernels_gfx1100.hsaco"),
            Is.EqualTo("KernelOfTarget /usr/lib/librocblas.so.4")
        );
        Assert.That(image.Causes("/usr/lib/rocblas/4.4/library/T_fallback.dat"), Is.EqualTo("KernelOfAnyGpu /usr/lib/librocblas.so.4"));
        Assert.That(image.Causes("/usr/lib/rocblas/4.4/library/Kernels_gfx1030.hsaco"), Is.EqualTo("OtherGpu gfx1030"));
        Assert.That(image.Causes("/usr/lib/rocblas/4.4/library/Kernels_gfx11001.hsaco"), Is.EqualTo("OtherGpu gfx11001"));
        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Traced_kernel_file_for_another_GPU_stays()
    {
        using var image = RocBlas();
        image.Trace("/usr/lib/librocblas.so.4").Trace("/usr/lib/rocblas/4.4/library/Kernels_gfx1030.hsaco");

        Assert.That(image.Causes("/usr/lib/rocblas/4.4/library/Kernels_gfx1030.hsaco"), Is.EqualTo("Traced run"));
    }

    [Test]
    public void Kernels_of_a_library_that_is_not_kept_go()
    {
        using var image = RocBlas();
        image.Trace("/usr/lib/rocblas");

        Assert.That(image.Kept, Is.EqualTo("/usr /usr/lib /usr/lib/rocblas"));
        Assert.That(image.Causes("/usr/lib/rocblas/4.4/library/Kernels_gfx1100.hsaco"), Is.EqualTo("LibraryDropped librocblas.so.*"));
    }

    [Test]
    public void Library_without_kernels_for_the_target_is_a_problem()
    {
        using var image = RocBlas("gfx1151");
        image.Trace("/usr/lib/librocblas.so.4");

        Assert.That(image.Plan.Problems, Has.Count.EqualTo(1));
        Assert.That(
            image.Plan.Problems[0],
            Does.StartWith(
                "/usr/lib/librocblas.so.4 is kept but none of its 4 kernel files names gfx1151; they name gfx1030, gfx1100, gfx11001: "
            )
        );
    }

    [Test]
    public void Library_without_kernel_files_at_all_is_a_problem()
    {
        using var image = new PlannedImage();
        image.Image.Text("/usr/lib/librocblas.so.4", "x");
        image.Kernels("librocblas.so.*", "/usr/lib/rocblas/**").Trace("/usr/lib/librocblas.so.4");

        Assert.That(image.Plan.Problems, Has.Exactly(1).Contains("has no file where its kernels should be"));
    }

    [Test]
    public void GPU_in_a_directory_above_the_kernels_does_not_count()
    {
        using var image = new PlannedImage();
        image
            .Image.Text("/opt/rocm-gfx1030/librocblas.so.4", "x")
            .Text("/opt/rocm-gfx1030/library/fallback.dat", "x")
            .Text("/opt/rocm-gfx1030/library/gfx1100/lazy.dat", "x");
        image.Kernels("librocblas.so.*", "/opt/rocm-gfx1030/library/**").Trace("/opt/rocm-gfx1030/librocblas.so.4");

        Assert.That(image.Kept, Does.Contain("library/fallback.dat").And.Contain("gfx1100/lazy.dat"));
    }

    [Test]
    public void Rule_counts_for_a_library_that_the_closure_brings()
    {
        using var image = RocBlas();
        image
            .Image.File("/bin/tool", new ElfBuilder { ReadOnlyData = "\0libhip.so\0"u8.ToArray() })
            .File("/usr/lib/libhip.so", new ElfBuilder { Needed = ["librocblas.so.4"] });
        image.Trace("/bin/tool");

        Assert.That(image["/usr/lib/rocblas/4.4/library/Kernels_gfx1100.hsaco"].IsKept, Is.True);
    }

    private static PlannedImage RocBlas(string target = "gfx1100")
    {
        var image = new PlannedImage { Targets = [target] };
        image.Image.File("/usr/lib/librocblas.so.4", new ElfBuilder { SoName = "librocblas.so.4" });
        foreach (var name in (string[])["Kernels_gfx1030.hsaco", "Kernels_gfx1100.hsaco", "Kernels_gfx11001.hsaco", "T_fallback.dat"])
            image.Image.Text("/usr/lib/rocblas/4.4/library/" + name, name);

        return image.Kernels("librocblas.so.*", "/usr/lib/rocblas/*/library/**");
    }
}
