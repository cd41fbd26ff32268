using Gfxbake.Pipeline.Answers;

namespace Gfxbake.Unit.Tests.Pipeline.Answers;

public sealed class CombinationsTests
{
    [Test]
    public void Without_variables_there_is_one() =>
        Assert.That(Lines(new Dictionary<string, IReadOnlyList<string>>()), Is.EqualTo(new[] { "" }));

    [Test]
    public void Every_choice_is_one_and_an_empty_value_is_left_out() =>
        Assert.That(
            Lines(new Dictionary<string, IReadOnlyList<string>> { ["B"] = ["", "0"], ["A"] = ["", "x"] }),
            Is.EqualTo(new[] { "", "B=0", "A=x", "A=x B=0" })
        );

    private static IEnumerable<string> Lines(IReadOnlyDictionary<string, IReadOnlyList<string>> vary) =>
        AnswersStep.Combinations(vary).Select(c => string.Join(' ', c.Select(v => $"{v.Key}={v.Value}")));
}
