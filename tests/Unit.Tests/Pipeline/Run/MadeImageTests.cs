using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Formats.Images;
using Gfxbake.Unit.Tests.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Run;

/// <summary>The ROCr of an image that was made here, read off its export.</summary>
public sealed class MadeImageTests
{
    private const string Library = "opt/rocm/lib/libhsa-runtime64.so.1";

    private static readonly ShippedRocr Rocr = new() { Version = "7.2.4", Despite = "whatever" };

    private string file = null!;

    [SetUp]
    public void SetUp() => file = Path.GetTempFileName();

    [TearDown]
    public void TearDown() => File.Delete(file);

    [TestCase("x cwsr_size y", true)]
    [TestCase("x ctl_stack_size y", false)]
    public void Library_is_judged_by_its_text(string content, bool hasFix)
    {
        Write(new TarBuilder().File(Library, content));

        Assert.That(MadeImage.HasFix(file, SampleHosts.Facts, "gfx1151", Rocr), Is.EqualTo(hasFix));
    }

    [Test]
    public void Nothing_is_said_where_there_is_no_rule_or_no_rocr()
    {
        Write(new TarBuilder().File(Library, "old"));

        Assert.That(MadeImage.HasFix(file, SampleHosts.Facts, "gfx1100", Rocr), Is.Null);
        Assert.That(MadeImage.HasFix(file, SampleHosts.Facts, "gfx1151", null), Is.Null);
    }

    [Test]
    public void Nothing_is_said_of_an_export_that_is_half_or_not_there()
    {
        File.WriteAllText(file, new string('x', 700));

        Assert.That(MadeImage.HasFix(file, SampleHosts.Facts, "gfx1151", Rocr), Is.Null);
        Assert.That(MadeImage.HasFix(file + ".none", SampleHosts.Facts, "gfx1151", Rocr), Is.Null);
    }

    private void Write(TarBuilder tar) => File.WriteAllBytes(file, tar.ToArray());
}
