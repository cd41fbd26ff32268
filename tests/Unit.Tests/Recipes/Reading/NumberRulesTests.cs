using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class NumberRulesTests
{
    private const string Servers = """

          - name: serve-cpu
            command: [server]
            serve:
              port: 8080
              ready: /
              requests:
                - path: /completion
                  json: '{"prompt":"x","n_probs":40}'
          - name: serve-device
            command: [server]
            serve:
              port: 8080
              ready: /
              requests:
                - path: /completion
                  json: '{"prompt":"x","n_probs":40}' #asked
                  numbers: {against: serve-cpu, largest: 0.02, least: 200}
        """;

    [Test]
    public void Limits_are_read()
    {
        using var folder = With(Servers);

        Assert.That(
            RecipeBook.Open(folder.Root).Read("sample").Workloads[2].Serve!.Requests[0].Numbers,
            Is.EqualTo(
                new NumberLimits
                {
                    Against = "serve-cpu",
                    Largest = 0.02,
                    Least = 200,
                }
            )
        );
    }

    [TestCase("largest: 0.02", "largest: 0", "the largest difference must be a finite number above 0")]
    [TestCase("largest: 0.02", "largest: -1e-3", "the largest difference must be a finite number above 0")]
    [TestCase("largest: 0.02", "largest: NaN", "the largest difference must be a finite number above 0")]
    [TestCase("largest: 0.02", "largest: 1e999", "the largest difference must be a finite number above 0")]
    [TestCase("largest: 0.02", "largest: '0,02'", "'workloads[2].serve.requests[0].numbers.largest' must be a number, not '0,02'")]
    [TestCase("largest: 0.02, ", "", "key 'workloads[2].serve.requests[0].numbers.largest' is missing (a number)")]
    [TestCase("least: 200", "least: 0", "at least 1 number must be compared")]
    [TestCase("against: serve-cpu", "against: nobody", "unknown workload 'nobody'; known, with a server: serve-cpu, serve-device")]
    [TestCase("against: serve-cpu", "against: run", "'run' does not ask /completion with the same 'json'")]
    [TestCase("\"x\",\"n_probs\":40}' #asked", "\"y\",\"n_probs\":40}'", "'serve-cpu' does not ask /completion with the same 'json'")]
    [TestCase("\"n_probs\":40}' #asked", "\"n_probs\":0}'", "'json' has no n_probs of 1 or more")]
    [TestCase("\"n_probs\":40}' #asked", "\"n_probs\":\"40\"}'", "'json' has no n_probs of 1 or more")]
    [TestCase("\"n_probs\":40}' #asked", "\"n_probs\":40,\"stream\":true}'", "'json' has stream")]
    [TestCase("\"n_probs\":40}' #asked", "\"input\":\"x\",\"stream\":true}'", "'json' has stream")]
    [TestCase("\"n_probs\":40}' #asked", "\"input\":\"x\",\"encoding_format\":\"base64\"}'", "'json' has encoding_format")]
    [TestCase("\"n_probs\":40}' #asked", "\"n_probs\":40,\"post_sampling_probs\":true}'", "'json' has post_sampling_probs")]
    [TestCase("'{\"prompt\":\"x\",\"n_probs\":40}' #asked", "'[]'", "'json' is no JSON object")]
    [TestCase("'{\"prompt\":\"x\",\"n_probs\":40}' #asked", "'{'", "'json' can't be read")]
    [TestCase("json: '{\"prompt\":\"x\",\"n_probs\":40}' #asked", "status: 200", "only a request with 'json' is answered with numbers")]
    [TestCase("serve-device\n", "serve-device\n    device: still\n", "'serve-device' runs on a device that computes nothing")]
    [TestCase("serve-cpu\n", "serve-cpu\n    device: still\n", "'serve-cpu' runs on a device that computes nothing")]
    [TestCase("serve-cpu\n", "serve-cpu\n    device: beside\n", "'serve-cpu' never runs in the full image")]
    public void Comparison_that_proves_nothing_is_refused_with_its_line(string from, string to, string message)
    {
        var text = Servers.Replace("\r", "").Replace(from, to);
        Assert.That(text, Is.Not.EqualTo(Servers.Replace("\r", "")));
        using var folder = With(text);

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains(message).And.Message.Match(@"recipes/sample/recipe\.yml:\d\d: ")
        );
    }

    [TestCase("- name: serve-cpu", "- name: serve-cpu\n    variants: [native]")]
    [TestCase("- path: /completion", "- variants: [native]\n          path: /completion")]
    public void Reference_must_be_there_in_each_variant(string from, string to)
    {
        var text = Servers.Replace("\r", "");
        var at = text.IndexOf(from, StringComparison.Ordinal);
        using var folder = With(text[..at] + to + text[(at + from.Length)..], variants: true);

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws
                .TypeOf<RecipeException>()
                .With.Message.Contains("'serve-cpu' does not ask this in the variant 'debian'; see their 'variants'")
        );
    }

    [Test]
    public void Reference_may_be_missing_where_the_request_is()
    {
        const string Name = "- name: serve-device";
        using var folder = With(
            Servers
                .Replace("- name: serve-cpu", "- name: serve-cpu\n    variants: [native]")
                .Replace(Name, Name + "\n    variants: [native]"),
            variants: true
        );

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.Nothing);
    }

    private static RecipeFolder With(string workloads, bool variants = false)
    {
        var folder = new RecipeFolder();
        var valid = RecipeFolder.Valid;
        const string After = "    version_of: sample\n";
        if (variants)
        {
            var start = valid.IndexOf("  debian:\n", StringComparison.Ordinal);
            var end = valid.IndexOf(After, StringComparison.Ordinal) + After.Length;
            valid = valid.Insert(end, valid[start..end].Replace("debian:", "native:"));
        }

        folder.Write(valid + workloads);
        return folder;
    }
}
