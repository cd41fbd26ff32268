using System.Text;
using Gfxbake.Formats.Offload;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Unit.Tests.Formats.Offload;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

public sealed class OffloadPlanTests
{
    private const string Library = "/usr/lib/libfat.so";

    private static readonly FatLibraryBuilder Fat = new()
    {
        Bundles = [BundleBuilder.For(9000, "gfx900", "gfx1100"), BundleBuilder.For(5000, "gfx900", "gfx1100")],
    };

    [Test]
    public void Library_with_code_for_other_gpus_is_slimmed_and_the_plan_counts_it()
    {
        using var image = With(OffloadForm.Slim, Fat);

        Assert.That(image[Library].Action, Is.EqualTo(PlanAction.SlimOffload));
        Assert.That(
            image[Library].Offload,
            Is.EqualTo(
                    new PlanOffload
                    {
                        Targets = ["gfx900", "gfx1100"],
                        Objects = 4,
                        KeptObjects = 2,
                        Bytes = 9000 + 9007 + 5000 + 5007,
                        KeptBytes = 9007 + 5007,
                    }
                )
                .UsingPropertiesComparer()
        );
        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Library_stays_as_it_is_with_the_form_none() => AssertKept(OffloadForm.None, Fat);

    [Test]
    public void Library_with_the_wanted_code_alone_stays_as_it_is() =>
        AssertKept(OffloadForm.Slim, new FatLibraryBuilder { Bundles = [BundleBuilder.For(9000, "gfx1100")] });

    [Test]
    public void Library_without_the_wanted_code_stays_whole_and_says_what_it_has()
    {
        using var image = With(OffloadForm.Slim, new FatLibraryBuilder { Bundles = [BundleBuilder.For(9000, "gfx900", "gfx1101")] });

        Assert.That(image[Library].Action, Is.EqualTo(PlanAction.Keep));
        Assert.That(
            image[Library].Offload!.Refused,
            Does.StartWith("it has gfx900, gfx1101, not gfx1100; run it as gfx1101 with HSA_OVERRIDE_GFX_VERSION=11.0.1")
        );
        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Library_that_stays_whole_is_a_problem_where_the_recipe_requires_otherwise()
    {
        using var image = With(OffloadForm.Slim, new FatLibraryBuilder { Bundles = [BundleBuilder.For(9000, "gfx900")] }, required: true);

        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(
                new[]
                {
                    "/usr/lib/libfat.so has to stay whole, and the recipe requires that code for other GPUs goes: it has gfx900, "
                        + "not gfx1100; take a build that has it",
                }
            )
        );
    }

    [Test]
    public void Library_with_a_bundle_that_nobody_knows_stays_whole()
    {
        var bundle = BundleBuilder.For(9000, "gfx900", "gfx1100") with { Edit = b => b.With(x => x[0] = (byte)'?') };
        using var image = With(OffloadForm.Slim, new FatLibraryBuilder { Bundles = [bundle] });

        Assert.That(image[Library].Action, Is.EqualTo(PlanAction.Keep));
        Assert.That(image[Library].Offload!.Refused, Does.StartWith("a bundle has an unknown magic"));
    }

    [Test]
    public void Slimmed_library_is_explained()
    {
        using var image = With(OffloadForm.Slim, Fat);

        Assert.That(
            PlanExplanation.Of(image.Plan, Library),
            Does.Contain("\n  slimmed      code for gfx1100 stays: 2 of 4 code objects, 14.0 kB of 28.0 kB\n  traced in    run\n")
        );
    }

    [Test]
    public void Library_that_stays_whole_is_explained()
    {
        using var image = With(OffloadForm.Slim, new FatLibraryBuilder { Bundles = [BundleBuilder.For(9000, "gfx900")] });

        Assert.That(PlanExplanation.Of(image.Plan, Library), Does.Contain("\n  whole        it has gfx900, not gfx1100;"));
    }

    [Test]
    public void Plan_with_slimmed_and_whole_libraries_is_read_back()
    {
        using var image = With(OffloadForm.Compress, Fat);
        image.Image.File("/usr/lib/libother.so", new FatLibraryBuilder { Bundles = [BundleBuilder.For(9000, "gfx900")] });
        image.Trace("/usr/lib/libother.so");
        var json = new MemoryStream();
        PrunePlanWriter.Write(image.Plan, json);
        json.Position = 0;

        Assert.That(PrunePlanReader.Read(json), Is.EqualTo(image.Plan).UsingPropertiesComparer());
        Assert.That(
            Encoding.UTF8.GetString(json.ToArray()),
            Does.Contain("\"offload\":\"Compress\"").And.Contain("\"refused\":\"it has gfx900")
        );
    }

    [Test]
    public void Review_lists_libraries_and_why_one_stays_whole()
    {
        using var image = With(OffloadForm.Slim, Fat);
        image.Image.File("/usr/lib/libother.so", new FatLibraryBuilder { Bundles = [BundleBuilder.For(9000, "gfx900")] });
        image.Trace("/usr/lib/libother.so");
        using var text = new StringWriter();
        PlanMarkdown.Write(image.Plan, text);

        Assert.That(
            text.ToString(),
            Does.Contain("| `/usr/lib/libfat.so` | gfx900, gfx1100 | 4 | 28.0 kB | 2 | 14.0 kB |\n")
                .And.Contain("`/usr/lib/libother.so` stays whole: it has gfx900, not gfx1100;")
        );
    }

    [TestCase(OffloadForm.Slim, PlanAction.Keep)]
    [TestCase(OffloadForm.Raw, PlanAction.Keep)]
    [TestCase(OffloadForm.Compress, PlanAction.SlimOffload)]
    public void Loose_code_objects_of_kernel_directories_are_compressed(OffloadForm form, PlanAction action)
    {
        using var image = With(form, Fat).Kernels("libfat.so", "/usr/lib/kernels/**");
        image
            .Image.File("/usr/lib/kernels/k_gfx1100.co", LooseCodeTests.CodeObject("gfx1100", 7000))
            .Text("/usr/lib/kernels/k_gfx1100.dat", "table");

        Assert.That(image["/usr/lib/kernels/k_gfx1100.co"].Action, Is.EqualTo(action));
        Assert.That(image["/usr/lib/kernels/k_gfx1100.dat"].Action, Is.EqualTo(PlanAction.Keep));
        Assert.That(image["/usr/lib/kernels/k_gfx1100.co"].Offload?.Loose, Is.EqualTo(action == PlanAction.SlimOffload ? true : null));
    }

    [Test]
    public void Code_object_outside_of_kernel_directories_is_left_alone()
    {
        using var image = With(OffloadForm.Compress, Fat).Trace("/usr/share/a.co");
        image.Image.File("/usr/share/a.co", LooseCodeTests.CodeObject("gfx1100", 7000));

        Assert.That(image["/usr/share/a.co"].Action, Is.EqualTo(PlanAction.Keep));
    }

    private static void AssertKept(OffloadForm form, FatLibraryBuilder library)
    {
        using var image = With(form, library);
        Assert.That(image[Library].Action, Is.EqualTo(PlanAction.Keep));
        Assert.That(image[Library].Offload, Is.Null);
    }

    private static PlannedImage With(OffloadForm form, FatLibraryBuilder library, bool required = false)
    {
        var image = new PlannedImage { Form = form, OffloadRequired = required }.Trace(Library);
        image.Image.File(Library, library);
        return image;
    }
}
