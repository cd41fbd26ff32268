using System.Diagnostics;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class QuoteTests
{
    [TestCase("plain", "plain")]
    [TestCase("a=b,c:d", "a=b,c:d")]
    [TestCase("", "\"\"")]
    [TestCase("two words", "\"two words\"")]
    [TestCase("say \"x\"", "\"say \\\"x\\\"\"")]
    [TestCase("back\\slash", "\"back\\slash\"")]
    [TestCase("end\\", "\"end\\\\\"")]
    [TestCase("\\\"", "\"\\\\\\\"\"")]
    public void Quote_adds_what_the_word_needs(string word, string expected) =>
        Assert.That(EngineAliases.Quote(word), Is.EqualTo(expected));

    [Test]
    public void Quoted_words_reach_a_program_unchanged()
    {
        string[] parts = ["a", "b", "é", "=", "$", "*", "'", " ", "\t", "\n", "\"", "\\", "\\", "\\\\"];
        // One program for many words: starting it is what takes time.
        Rounds.Run(
            random =>
            {
                var words = Enumerable.Range(0, 2000).Select(_ => string.Concat(random.GetItems(parts, random.Next(7)))).ToList();

                Assert.That(Printed(words), Is.EqualTo(words));
            },
            cost: 2000
        );
    }

    [TestCase("x\\\n")]
    [TestCase("\\\n\\")]
    public void Backslash_before_a_last_newline_reaches_a_program_unchanged(string word) =>
        Assert.That(Printed([word]), Is.EqualTo(new[] { word }));

    /// <summary>What a program sees that .NET starts with these words as one command line.</summary>
    private static string[] Printed(IReadOnlyList<string> words)
    {
        var info = new ProcessStartInfo("printf", EngineAliases.Words(["%s\\0", .. words]).Render()) { RedirectStandardOutput = true };
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\0')[..^1];
    }
}
