using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Recipes.Shared;

/// <summary>The file hosts.yml and what it does to recipes.</summary>
public sealed class HostFactsTests
{
    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new RecipeFolder();
        folder.Share("hosts", SampleHosts.Yaml);
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void File_reads_when_it_is_valid() =>
        Assert.That(RecipeBook.Open(folder.Root).Hosts, Is.EqualTo(SampleHosts.Facts).UsingPropertiesComparer());

    [TestCase("[gfx1151]", "[gfx1210]", "recipes/_shared/hosts.yml:3: unknown gpu 'gfx1210'; known: gfx1100, gfx1151 (recipes")]
    [TestCase("why:", "reason:", "recipes/_shared/hosts.yml:4: unknown key 'rocr[0].reason'; known: gpus, kernels, property")]
    [TestCase("property: cwsr_size", "property: ''", "recipes/_shared/hosts.yml:10: the name is empty")]
    [TestCase("with_fix: broken", "with_fix: bad", "must be one of works, unstable, broken, not 'bad'")]
    [TestCase("from: 6.4, to: 6.4", "from: 6.4, to: 6.x", "recipes/_shared/hosts.yml:12: '6.x' is no version: two or three numbers")]
    [TestCase("from: 7.9.0, to: 7.10.0", "from: 7.10.0, to: 7.9.0", "recipes/_shared/hosts.yml:15: 7.10.0 is newer than 7.9.0")]
    [TestCase("from: 7.9.0", "from: 7.2.4", "recipes/_shared/hosts.yml:15: 7.2.4 to 7.10.0 does not come after 7.2.1 to 7.2.4")]
    public void File_that_is_wrong_names_line_and_what_is_known(string from, string to, string message)
    {
        folder.Share("hosts", SampleHosts.Yaml.Replace(from, to));

        Assert.That(() => RecipeBook.Open(folder.Root), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Gpu_has_one_rule()
    {
        folder.Share("hosts", SampleHosts.Yaml + SampleHosts.Yaml[SampleHosts.Yaml.IndexOf("  - gpus", StringComparison.Ordinal)..]);

        Assert.That(
            () => RecipeBook.Open(folder.Root),
            Throws.TypeOf<RecipeException>().With.Message.EqualTo("recipes/_shared/hosts.yml:3: two rules are for gfx1151; make them one")
        );
    }

    [Test]
    public void Missing_file_is_named()
    {
        File.Delete(Path.Combine(folder.Root, "_shared", "hosts.yml"));

        Assert.That(
            () => RecipeBook.Open(folder.Root),
            Throws.TypeOf<RecipeException>().With.Message.EqualTo("recipes/_shared/hosts.yml is missing; restore it from git")
        );
    }

    [Test]
    public void Recipe_with_a_broken_rocr_is_refused_with_its_line()
    {
        folder.Change("version_of: sample", "version_of: sample\n    rocr: {version: 6.4.3}");

        Assert.That(
            Read,
            Throws
                .TypeOf<RecipeException>()
                .With.Message.StartsWith("recipes/sample/recipe.yml:15: ROCr 6.4.3 is broken on gfx1151 with kernels mainline 6.18.4")
        );
    }

    [Test]
    public void Recipe_without_a_rocr_is_refused_for_a_gpu_with_a_rule() =>
        Assert.That(
            Read,
            Throws.TypeOf<RecipeException>().With.Message.StartsWith("recipes/sample/recipe.yml:9: key 'rocr' is missing: gfx1151")
        );

    // The real GPU counts: an override does not change the size that its kernel driver asks for.
    [Test]
    public void Rule_is_of_the_gpu_and_not_of_its_code()
    {
        folder.Write(RecipeFolder.Valid.Replace("gpu: gfx1151", "gpu: gfx1100").Replace("code_target: gfx1100", "code_target: gfx1151"));

        Assert.That(Read, Throws.Nothing);
    }

    [TestCase("7.2.4", "works on mainline 6.18.4, OEM 6.14.0-1018 or newer; unstable on older ones")]
    [TestCase("7.2.0", "works on mainline 6.18.4, OEM 6.14.0-1018 or newer; broken on older ones")]
    [TestCase("6.4.3", "broken on mainline 6.18.4, OEM 6.14.0-1018 or newer; unstable on older ones")]
    [TestCase("7.15.0", "not known; mainline 6.18.4, OEM 6.14.0-1018 or newer have the fix that gfx1151 needs")]
    public void Kernels_of_a_rocr_are_told_in_words(string version, string words) =>
        Assert.That(RocrText.Kernels(SampleHosts.Facts.Rocr[0], version), Is.EqualTo(words));

    [TestCase("gfx1151", "ROCr 7.2.4, kernels for gfx1151: works on mainline 6.18.4, OEM 6.14.0-1018 or newer; unstable on older ones")]
    [TestCase("gfx1100", "ROCr 7.2.4")]
    public void Line_names_the_rocr_and_the_kernels(string gpu, string line) =>
        Assert.That(RocrText.Line(SampleHosts.Facts, gpu, "7.2.4"), Is.EqualTo(line));

    private Recipe Read() => RecipeBook.Open(folder.Root).Read("sample");
}
