using System.Xml.Linq;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Unit.Tests.Pipeline.Bench;

public sealed class BenchSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void Curves_have_a_panel_each_and_a_line_for_each_run()
    {
        var (a, b) = (Run("a", 100), Run("b", 200));

        var picture = XDocument.Parse(BenchSvg.Of("bench.json", [a, b]));

        Assert.That(picture.Descendants(Svg + "polyline").Count(), Is.EqualTo(4));
        Assert.That(picture.Descendants(Svg + "circle").Count(), Is.EqualTo(8));
        var texts = picture.Descendants(Svg + "text").Select(t => t.Value).ToList();
        Assert.That(texts, Does.Contain("pp512, tokens/s").And.Contain("tg128, tokens/s").And.Contain("8192").And.Contain("depth"));
        Assert.That(texts.Count(t => t.Contains("no measurement of a GPU")), Is.EqualTo(2));
        Assert.That(picture.Descendants(Svg + "title").Single().Value, Does.Contain("no measurement of a GPU"));
        Assert.That(picture.ToString(), Does.Contain("prefers-color-scheme: dark"));
    }

    [Test]
    public void Nothing_lies_outside_of_the_picture()
    {
        var picture = XDocument.Parse(BenchSvg.Of("bench.json", [Run("a", 99.5), Run(new string('w', 400), 1e9)]));
        var (width, height) = ((double)picture.Root!.Attribute("width")!, (double)picture.Root.Attribute("height")!);

        foreach (var shape in picture.Descendants(Svg + "circle"))
        {
            Assert.That((double)shape.Attribute("cx")!, Is.InRange(0, width));
            Assert.That((double)shape.Attribute("cy")!, Is.InRange(0, height));
        }

        Assert.That(picture.Descendants(Svg + "text").Select(t => (double)t.Attribute("y")!), Has.All.InRange(0, height));
    }

    [Test]
    public void Incomplete_and_too_many_runs_are_refused()
    {
        Assert.That(
            () => BenchSvg.Of("bench.json", [SampleBench.Empty()]),
            Throws.TypeOf<BenchException>().With.Message.Contains("missing are")
        );
        Assert.That(
            () => BenchSvg.Of("bench.json", [.. Enumerable.Repeat(Run("a", 1), 7)]),
            Throws.TypeOf<BenchException>().With.Message.EqualTo("bench.json has 7 runs; a picture shows 6 at most")
        );
    }

    [Test]
    public void Hostile_names_are_text()
    {
        const string hostile = "</text><script>alert(1)</script>\u001b\u202e\ufffe";

        var picture = XDocument.Parse(BenchSvg.Of("b", [Run(hostile, 1)]));

        Assert.That(picture.Descendants(Svg + "script"), Is.Empty);
    }

    [Test]
    public void Lines_of_a_terminal_are_text_too()
    {
        var picture = XDocument.Parse(TextPicture.Of("Doctor", ["ok <b>", "", new string('x', 300), "\u001b[31m"]));

        var texts = picture.Descendants(Svg + "text").Select(t => t.Value).ToList();
        Assert.That(texts, Is.EqualTo(new[] { "ok <b>", new string('x', 199) + "…", "\\x1b[31m" }));
        Assert.That((double)picture.Root!.Attribute("width")!, Is.EqualTo(1620));
    }

    private static BenchRecord Run(string name, double rate)
    {
        var read = SampleBench.With((0, [rate, rate * 1.1]), (8192, [rate / 2, rate / 1.9]));
        var write = SampleBench.With("tg128", false, (0, [rate / 10, rate / 9]), (8192, [rate / 20, rate / 19]));
        return read with { Title = name + " on the CPU", Series = [.. read.Series, .. write.Series] };
    }
}
