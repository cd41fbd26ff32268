using System.Diagnostics;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Templates;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Package;

public sealed class PackageTemplateTests
{
    private static readonly Dictionary<string, string> Escape = new() { ["%"] = "%%" };

    private const string Awkward = "it's 5 % of $HOME `date` \\ \"x\" & <b> *";

    [Test]
    public void Value_stands_as_it_is_without_escapes_for_another_language() =>
        Assert.That(Fill("{{value}}", Awkward), Is.EqualTo(Awkward));

    [Test]
    public void Percent_sign_of_a_spec_is_doubled() => Assert.That(Fill("{{text value}}", "100 % %{nope}"), Is.EqualTo("100 %% %%{nope}"));

    [TestCase("ddd MMM dd yyyy", "Thu Nov 20 2025")]
    [TestCase("ddd, dd MMM yyyy HH:mm:ss", "Thu, 20 Nov 2025 00:00:00")]
    public void Day_has_the_form_that_the_template_wants(string form, string expected) =>
        Assert.That(
            PackageTemplate.Fill(
                $"{{{{date epoch \"{form}\"}}}}",
                new Dictionary<string, object> { ["epoch"] = 1_763_596_800L },
                Escape,
                "t"
            ),
            Is.EqualTo(expected)
        );

    [Test]
    public void Lists_and_conditions_are_the_templates() =>
        Assert.That(
            PackageTemplate.Fill(
                "{{#each list}}[{{this}}{{../name}}]{{/each}}{{#if list}}!{{/if}}{{#if none}}?{{/if}}",
                new Dictionary<string, object>
                {
                    ["list"] = new List<string> { "a", "b" },
                    ["none"] = new List<string>(),
                    ["name"] = "n",
                },
                Escape,
                "t"
            ),
            Is.EqualTo("[an][bn]!")
        );

    [Test]
    public void Name_that_the_model_lacks_is_an_error_with_the_template() =>
        Assert.That(
            () => Fill("{{nope}}", "x"),
            Throws.TypeOf<PackageException>().With.Message.StartsWith("docker/t.hbs: ").And.Message.Contains("nope")
        );

    [Test]
    public void Broken_template_is_an_error_with_its_name() =>
        Assert.That(() => Fill("{{#each value}}", "x"), Throws.TypeOf<PackageException>().With.Message.StartsWith("docker/t.hbs: "));

    [TestCase("shell"), TestCase("text")]
    public void Value_with_a_line_break_is_refused(string word) =>
        Assert.That(
            () => Fill($"{{{{{word} value}}}}", "a\nrm -rf /"),
            Throws.TypeOf<PackageException>().With.Message.Contains("control character")
        );

    // The real shell is asked, one for many words made of everything that means something to it.
    [Test]
    public void Shell_gets_back_every_word() => Rounds.Run(AskShell, cost: 300);

    private static void AskShell(Random random)
    {
        var words = Enumerable
            .Range(0, 300)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => " '\"\\$`!*?[]{}()<>|&;#~=%a-é"[random.Next(27)])))
            .Append(Awkward)
            .ToList();
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "printf '%s\\n' " + string.Join(' ', words.Select(Quoting.Shell))])
            {
                RedirectStandardOutput = true,
            }
        )!;

        Assert.That(shell.StandardOutput.ReadToEnd().Split('\n')[..^1], Is.EqualTo(words));
    }

    private static string Fill(string template, string value) =>
        PackageTemplate.Fill(template, new Dictionary<string, object> { ["value"] = value }, Escape, "docker/t.hbs");
}
