using Gfxbake.Formats.Text;

namespace Gfxbake.Unit.Tests.Formats.Text;

public sealed class TextLinesTests
{
    [TestCase("short", "short")]
    [TestCase("  one two three", "  one two|    three")]
    [TestCase("  0123456789abcdef two", "  0123456789abcdef|    two")]
    [TestCase("0123456789abcdef", "0123456789abcdef")]
    [TestCase("a b c d e f g h i j k l", "a b c d e f|    g h i j|    k l")]
    public void Text_breaks_at_spaces_and_keeps_long_words(string text, string lines) =>
        Assert.That(string.Join('|', TextLines.Wrap(text, 12, "    ")), Is.EqualTo(lines));

    [Test]
    public void No_word_is_lost_and_no_line_too_long() =>
        Rounds.Run(random =>
        {
            var text = string.Join(' ', Enumerable.Range(0, random.Next(1, 30)).Select(_ => new string('x', random.Next(1, 9))));
            var lines = TextLines.Wrap(text, 20, "  ").ToList();
            Assert.That(lines.SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Is.EqualTo(text.Split(' ')));
            Assert.That(lines.Select(l => l.Length), Has.All.LessThanOrEqualTo(20));
        });
}
