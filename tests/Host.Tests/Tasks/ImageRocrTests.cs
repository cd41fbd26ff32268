using System.Formats.Tar;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The full image is refused when its ROCr is not the recipe's.</summary>
[TestFixture]
internal sealed class ImageRocrTests
{
    private SampleBuild build = null!;
    private string tar = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        tar = build.PathOf("image.tar");
        using var writer = new TarWriter(File.Create(tar));
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "usr/lib/other.so"));
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Image_without_the_rocr_of_the_recipe_is_an_error_that_names_file_and_variant()
    {
        build.Change("version_of: sample", "version_of: sample\n    rocr: {version: 7.2.4}");

        Assert.That(
            Check,
            Throws
                .TypeOf<StepException>()
                .With.Message.EqualTo(
                    "the full image has the wrong ROCr:\n"
                        + "  libhsa-runtime64.so.1 is not in the image, but the recipe says that ROCr 7.2.4 is\n"
                        + "Next: correct the packages or 'rocr' of variant debian in recipes/sample/recipe.yml; "
                        + "docs/hosts.md tells which ROCr a GPU needs."
                )
        );
    }

    [Test]
    public void Image_of_a_recipe_that_names_no_rocr_may_have_none() => Assert.That(Check, Throws.Nothing);

    private void Check()
    {
        using var image = ImageFileSystem.Open(tar);
        var context = build.Open();
        var file = context.Book.FileOf(context.Recipe.Name, "variants.debian.rocr.version");
        var where = $"variant debian in {file}";
        ImageRocr.Check(context.Book.Hosts, context.Recipe.Gpu, context.Variant.Rocr, where, image, ImagePackages.Read(image));
    }
}
