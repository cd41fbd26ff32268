using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Unit.Tests.Pipeline.Verify;

public sealed class ProvenFormsTests
{
    private string path = "";

    [SetUp]
    public void SetUp() => path = Path.Combine(Path.GetTempPath(), $"gfxbake-forms-{Guid.NewGuid():n}.json");

    [TearDown]
    public void TearDown() => File.Delete(path);

    [Test]
    public void Largest_comes_first_and_a_form_that_is_built_again_counts_once()
    {
        ProvenForms.Add(path, Form("slim", 900));
        ProvenForms.Add(path, Form("compress", 200, "comgr", "rocsolver"));
        ProvenForms.Add(path, Form("compress", 950));
        ProvenForms.Add(path, Form("slim", 901));

        Assert.That(
            ProvenForms.Read(path, "full").Select(f => $"{f.Name}: {f.FileBytes}"),
            Is.EqualTo(new[] { "compress: 950", "slim: 901", "compress, stand-ins comgr and rocsolver: 200" })
        );
    }

    [Test]
    public void Forms_of_another_full_image_are_forgotten()
    {
        ProvenForms.Add(path, Form("slim", 900));
        Assert.That(ProvenForms.Read(path, "newer"), Is.Empty);

        ProvenForms.Add(path, Form("raw", 950) with { Full = "newer" });

        Assert.That(ProvenForms.Read(path, "newer").Select(f => f.Name), Is.EqualTo(new[] { "raw" }));
        Assert.That(ProvenForms.Read(path, "full"), Is.Empty);
    }

    [Test]
    public void File_that_is_not_there_or_damaged_has_none()
    {
        Assert.That(ProvenForms.Read(path, "full"), Is.Empty);
        File.WriteAllText(path, "{\"forms\": null}");
        Assert.That(ProvenForms.Read(path, "full"), Is.Empty);
    }

    private static ProvenForm Form(string form, long bytes, params string[] standIns) => new("full", form, standIns, false, bytes, 10);
}
