using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Unit.Tests.Pipeline.Bench;

public sealed class BenchComparisonTests
{
    [TestCase(new[] { 100.0, 101, 102 }, new[] { 110.0, 111, 112 }, false, BenchVerdict.Better)]
    [TestCase(new[] { 100.0, 101, 102 }, new[] { 90.0, 91, 92 }, false, BenchVerdict.Worse)]
    [TestCase(new[] { 100.0, 101, 102 }, new[] { 110.0, 111, 112 }, true, BenchVerdict.Worse)]
    [TestCase(new[] { 100.0, 101, 102 }, new[] { 102.0, 110, 111 }, false, BenchVerdict.WithinNoise)]
    [TestCase(new[] { 100.0, 100, 110 }, new[] { 109.0, 119, 119 }, false, BenchVerdict.WithinNoise)]
    [TestCase(new[] { 100.0, 105, 110 }, new[] { 111.0, 112, 113 }, false, BenchVerdict.WithinNoise)]
    [TestCase(new[] { 100.0, 101 }, new[] { 200.0, 201 }, false, BenchVerdict.TooFewSamples)]
    public void Difference_counts_above_the_noise(double[] first, double[] second, bool lowerIsBetter, BenchVerdict verdict)
    {
        var pair = Only(SampleBench.With("pp512", lowerIsBetter, (0, first)), SampleBench.With("pp512", lowerIsBetter, (0, second)));

        Assert.That(pair.Pairs.Single().Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void Median_of_an_even_count_lies_between_the_middle_two() =>
        Assert.That(new BenchPoint(0, [4.0, 1, 3, 2]).Median, Is.EqualTo(2.5));

    [Test]
    public void Other_model_is_refused()
    {
        var run = SampleBench.With((0, [1.0, 2, 3]));

        Assert.That(
            () => Compare(run, run with { Model = new("other", "sha256:9", 1) }),
            Throws
                .TypeOf<BenchException>()
                .With.Message.EqualTo(
                    "a.json and b.json measured different models, which can't be compared:\n"
                        + "  tiny-f16 (sha256:0123456789ab…)\n  other (sha256:9)"
                )
        );
    }

    [Test]
    public void Incomplete_curve_is_refused_with_what_is_missing()
    {
        var whole = SampleBench.With((0, [1.0, 2, 3]), (8192, [1.0, 2, 3]));
        var half = whole with { Series = [whole.Series[0] with { Points = [whole.Series[0].Points[0]] }] };

        Assert.That(
            () => Compare(whole, half),
            Throws
                .TypeOf<BenchException>()
                .With.Message.EqualTo(
                    "b.json is not complete, so it is not shown; missing are\n"
                        + "  tiny-f16 on the CPU: no measurement of a GPU: pp512 at depth 8192: 0 of 3 samples"
                )
        );
    }

    [Test]
    public void Other_depths_have_nothing_in_common() =>
        Assert.That(
            () => Compare(SampleBench.With((0, [1.0, 2, 3])), SampleBench.With((1, [1.0, 2, 3]))),
            Throws.TypeOf<BenchException>().With.Message.Contains("have no point in common")
        );

    [Test]
    public void Table_tells_ratio_spread_and_what_else_differs()
    {
        var a = SampleBench.With((0, [100.0, 101, 102]), (8192, [10.0, 11, 12]));
        var b = SampleBench.With((0, [200.0, 202, 204]), (8192, [10.0, 11, 12])) with
        {
            Device = new("lavapipe", false, true, "offloaded 3/3 layers to GPU"),
            Title = "tiny-f16 on lavapipe",
            Settings = new Dictionary<string, string> { ["arguments"] = "--flash-attn off" },
        };

        Assert.That(
            BenchText.Lines(Only(a, b)),
            Is.EqualTo(
                new[]
                {
                    "A: tiny-f16 on the CPU: no measurement of a GPU",
                    "B: tiny-f16 on lavapipe: no measurement of a GPU",
                    "",
                    "              depth    A median   spread    B median   spread   B/A  B is",
                    "pp512             0       101.0    2.0 %       202.0    2.0 %  2.00  faster",
                    "pp512          8192       11.00   18.2 %       11.00   18.2 %  1.00  unclear",
                    "",
                    "Besides the samples these differ:",
                    "  device: A no GPU: the CPU; B no GPU: lavapipe",
                    "  setting arguments: A --flash-attn on; B --flash-attn off",
                }
            )
        );
    }

    [Test]
    public void Lines_fit_a_terminal_whatever_names_hold()
    {
        var run = SampleBench.With((99_999_999, [1e12, 1e12, 1e12])) with
        {
            Title = new string('x', 30) + "\u001b[31m " + new string('y', 60),
            Device = new(new string('d', 300), true, true, new string('p', 300)),
        };

        Assert.That(
            BenchText.Lines(run).Concat(BenchText.Lines(Only(run, run))),
            Has.All.Length.LessThanOrEqualTo(80).And.None.Contains("\u001b")
        );
    }

    private static BenchComparison Only(BenchRecord a, BenchRecord b) => Compare(a, b).Single();

    private static IReadOnlyList<BenchComparison> Compare(BenchRecord a, BenchRecord b) =>
        BenchComparison.Of("a.json", SampleBench.FileOf(a), "b.json", SampleBench.FileOf(b));
}
