using System.Diagnostics;
using System.Text.Json;
using Gfxbake.Pipeline.Templates;
using YamlDotNet.Serialization;

namespace Gfxbake.Unit.Tests.Pipeline.Templates;

/// <summary>Random text comes back as it was from the programs that read it.</summary>
public sealed class QuotingTests
{
    private const string Signs = "aZ0 \t\n\r\"'\\$%{}()[]`#;:&|*?~!<>=,-_./\u0001\u007f\u0085\u2028é漢\U0001f600";

    [Test]
    public void Json_and_yaml_read_back_what_was_meant() =>
        Rounds.Run(random =>
        {
            var text = Text(random);
            var quoted = Quoting.Json(text);
            Assert.That(JsonSerializer.Deserialize<string>(quoted), Is.EqualTo(text));
            Assert.That(new DeserializerBuilder().Build().Deserialize<string>(quoted), Is.EqualTo(text), quoted);
        });

    [Test]
    public void Shell_reads_back_what_was_meant()
    {
        List<string> words = [];
        for (var seed = 0; seed < 200; seed++)
            words.Add(Text(new Random(seed)));
        using var shell = Process.Start(
            new ProcessStartInfo(
                "/bin/sh",
                ["-c", "printf '%s\\0' " + string.Join(' ', words.Select(w => Quoting.Apart(Quoting.Shell(w), "${")))]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;

        Assert.That(shell.StandardOutput.ReadToEnd(), Is.EqualTo(string.Concat(words.Select(w => w + "\0"))));
    }

    [TestCase("a \"b\" \\ c", "\"a \\\"b\\\" \\\\ c\"")]
    [TestCase("a\nb\tc\r\u0001\u007f", "\"a\\nb\\tc\\x0d\\x01\\x7f\"")]
    [TestCase("", "\"\"")]
    public void Quoted_is_one_line_with_c_s_escapes(string text, string quoted) => Assert.That(Quoting.Quoted(text), Is.EqualTo(quoted));

    [TestCase("50 % of $HOME", "%$", "50 %% of $$HOME")]
    [TestCase("a", "%$", "a")]
    public void Signs_stand_twice(string text, string signs, string twice) => Assert.That(Quoting.Twice(text, signs), Is.EqualTo(twice));

    [TestCase("a\0b")]
    public void Nul_is_refused(string text)
    {
        Assert.That(() => Quoting.Json(text), Throws.ArgumentException);
        Assert.That(() => Quoting.Quoted(text), Throws.ArgumentException);
        Assert.That(() => Quoting.Bare(text, ""), Throws.ArgumentException);
        Assert.That(() => Quoting.Plain(text), Throws.ArgumentException);
    }

    [TestCase("a\\", "ends with a backslash")]
    [TestCase("a\nb", "control character")]
    [TestCase("a:b", "has a ':'")]
    [TestCase("a ", "blank")]
    public void Bare_value_cannot_end_early_or_late(string text, string why) =>
        Assert.That(() => Quoting.Bare(text, ":"), Throws.ArgumentException.With.Message.Contains(why));

    [TestCase("a b")]
    [TestCase("$(id)")]
    [TestCase("")]
    [TestCase("a\nb")]
    [TestCase("é")]
    public void Plain_value_is_the_same_everywhere(string text) => Assert.That(() => Quoting.Plain(text), Throws.ArgumentException);

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.GetItems(Signs.EnumerateRunes().ToArray(), 1)[0].ToString()));
}
