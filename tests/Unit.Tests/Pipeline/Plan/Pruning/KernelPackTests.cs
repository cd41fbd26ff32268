using System.Text;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

public sealed class KernelPackTests
{
    private const string Library = "/opt/rocm/lib/libfoo.so.1";

    [Test]
    public void Packs_of_the_wanted_gpu_are_kept_and_those_of_others_dropped()
    {
        using var image = With(
            "../.kpack/foo_lib_@GFXARCH@.kpack",
            "foo_lib_gfx1100",
            "foo_lib_gfx11-generic",
            "foo_lib_gfx90a",
            "bar_lib_gfx1100",
            "foo_lib_x"
        );

        Assert.That(image.Causes("/opt/rocm/.kpack/foo_lib_gfx1100.kpack"), Is.EqualTo("KernelOfTarget /opt/rocm/lib/libfoo.so.1"));
        Assert.That(image.Causes("/opt/rocm/.kpack/foo_lib_gfx11-generic.kpack"), Is.EqualTo("KernelOfTarget /opt/rocm/lib/libfoo.so.1"));
        Assert.That(image.Causes("/opt/rocm/.kpack/foo_lib_gfx90a.kpack"), Is.EqualTo("OtherGpu gfx90a"));
        Assert.That(image.Causes("/opt/rocm/.kpack/bar_lib_gfx1100.kpack"), Is.EqualTo("Unreferenced"));
        Assert.That(image.Causes("/opt/rocm/.kpack/foo_lib_x.kpack"), Is.EqualTo("Unreferenced"));
        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Pack_without_a_gpu_in_its_name_is_kept()
    {
        using var image = With("../.kpack/all.kpack", "all");

        Assert.That(image.Causes("/opt/rocm/.kpack/all.kpack"), Is.EqualTo("KernelOfAnyGpu /opt/rocm/lib/libfoo.so.1"));
        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Library_whose_packs_lack_the_gpu_is_a_problem()
    {
        using var image = With("../.kpack/foo_lib_@GFXARCH@.kpack", "foo_lib_gfx90a");

        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(
                new[]
                {
                    "/opt/rocm/lib/libfoo.so.1 takes its GPU code from ../.kpack/foo_lib_@GFXARCH@.kpack, "
                        + "and the image has none of them for gfx1100; it has gfx90a",
                }
            )
        );
    }

    [TestCase("../../../../../.kpack/foo_lib_@GFXARCH@.kpack")]
    [TestCase("@GFXARCH@@GFXARCH@.kpack")]
    public void Odd_reference_finds_nothing(string reference)
    {
        using var image = With(reference, "foo_lib_gfx1100");

        Assert.That(image.Plan.Problems, Has.Count.EqualTo(1).And.One.EndsWith("install the package that has them"));
    }

    private static PlannedImage With(string reference, params string[] packs)
    {
        byte[] marker =
        [
            0x82,
            0xab,
            .. "kernel_name"u8,
            0xa9,
            .. "lib/libfo"u8,
            0xb2,
            .. "kpack_search_paths"u8,
            0x91,
            0xd9,
            (byte)reference.Length,
            .. Encoding.ASCII.GetBytes(reference),
        ];
        var image = new PlannedImage().Trace(Library);
        image.Image.File(Library, new ElfBuilder { KernelPackReference = marker });
        foreach (var pack in packs)
            image.Image.Text($"/opt/rocm/.kpack/{pack}.kpack", "code");
        return image;
    }
}
