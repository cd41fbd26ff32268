using System.Xml.Linq;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Outputs.Report;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

public sealed class SizesSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void Same_data_give_the_same_picture()
    {
        var (one, other) = (SampleReport.Data(500), SampleReport.Data(500));

        Assert.That(SizesSvg.Of(one), Is.EqualTo(SizesSvg.Of(other)));
    }

    [Test]
    public void Bars_are_as_long_as_the_images_are_large()
    {
        var data = SampleReport.Data(500);
        var bars = XDocument.Parse(SizesSvg.Of(data)).Descendants(Svg + "rect").Where(r => (string?)r.Attribute("height") == "26").ToList();
        var tops = bars.Select(b => (int)b.Attribute("y")!).Distinct().Order().ToList();

        double Width(int row) => bars.Where(b => (int)b.Attribute("y")! == tops[row]).Sum(b => (double)b.Attribute("width")!);

        Assert.That(Width(1) / Width(0), Is.EqualTo((double)data.Minimal.FileBytes / data.Full.FileBytes).Within(0.001));
    }

    [TestCase("full image: ")]
    [TestCase("850.0 MB")]
    [TestCase("system 20.0 MB")]
    [TestCase("libkernels.so.1")]
    [TestCase("150.0 MB of 1,000.0 MB")]
    public void Figures_are_written_out(string text) =>
        Assert.That(
            XDocument.Parse(SizesSvg.Of(SampleReport.Data(500))).Descendants(Svg + "text").Select(t => t.Value),
            Has.Some.Contains(text)
        );

    [Test]
    public void Libraries_that_are_there_by_name_only_have_a_part_of_the_full_image()
    {
        var parts = XDocument.Parse(SizesSvg.Of(SampleReport.Data(500, standIn: true))).Descendants(Svg + "text").Select(t => t.Value);

        Assert.That(parts, Has.Member("stand-ins saved 3.0 MB").And.Member("GPU code saved 850.0 MB"));
        Assert.That(SizesSvg.Of(SampleReport.Data(500)), Does.Not.Contain("stand-ins"));
    }

    [Test]
    public void Each_form_that_was_proven_has_a_bar()
    {
        ProvenForm[] forms = [new("f", "slim", [], false, 800, 30), new("f", "compress", ["comgr"], true, 200, 20)];
        var picture = XDocument.Parse(SizesSvg.Of(SampleReport.Data(6) with { Forms = forms }));
        var bars = picture.Descendants(Svg + "rect").Where(r => (string?)r.Attribute("height") == "14").ToList();

        Assert.That(bars.Select(b => (double)b.Attribute("width")!), Is.EqualTo(new[] { 800, 200 }));
        Assert.That(
            picture.Descendants(Svg + "text").Select(t => t.Value),
            Has.Member("compress, stand-in comgr, kernels by type: 200 B in 20 files")
        );
        Assert.That(SizesSvg.Of(SampleReport.Data(6) with { Forms = [forms[0]] }), Does.Not.Contain("other forms"));
    }

    [TestCase("<b>&\"'")]
    [TestCase("\0\u0001\u001b[31m")]
    [TestCase("\ud800x\ufffe\uffff")]
    public void Picture_of_any_name_is_well_formed(string name)
    {
        var data = SampleReport.Data(6) with { Heading = new ReportHeading(name, "v", null) };

        Assert.That(() => XDocument.Parse(SizesSvg.Of(data)), Throws.Nothing);
    }

    [Test]
    public void Nothing_at_all_can_be_drawn()
    {
        var nothing = new ImageStatistics(0, 0, 0, 0, 0, 0);
        var data = SampleReport.Data(6) with { Paths = [], Layers = [], Full = nothing, Minimal = nothing };

        Assert.That(() => XDocument.Parse(SizesSvg.Of(data)), Throws.Nothing);
    }
}
