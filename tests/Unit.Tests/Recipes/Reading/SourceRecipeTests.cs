using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class SourceRecipeTests
{
    private const string Native = """
          native:
            summary: compiled
            base:
              bootstrap: {suite: sid, source_date_epoch: 1}
            code_target: gfx1151
            dockerfile: docker/native.Dockerfile
            source:
              name: tool
              repository: https://example.org/tool
              tag: v1
              commit: 0123456789012345678901234567890123456789
              cmake: {TARGETS: "{code_target}", COMMIT: "{commit}", TAG: "{tag}", GPU: "{gpu}", A: "x"}
              switches:
                fast: {A: "y"}

        """;

    [Test]
    public void Options_are_sorted_filled_in_and_changed_by_switches()
    {
        using var folder = With(Native);
        var recipe = RecipeBook.Open(folder.Root).Read("sample");
        var native = recipe.Variants["native"];

        Assert.That(
            native.Source!.CmakeOptions(recipe, native, ["fast"]),
            Is.EqualTo(
                new[] { "-DA=y", "-DCOMMIT=0123456789012345678901234567890123456789", "-DGPU=gfx1151", "-DTAG=v1", "-DTARGETS=gfx1151" }
            )
        );
    }

    [TestCase("https://example.org/tool", "ext::sh -c date", "'ext::sh -c date' is no https:// or file:// address")]
    [TestCase("https://example.org/tool", "https://user:secret@example.org/tool", "is no https:// or file:// address")]
    [TestCase("https://example.org/tool", "--upload-pack=date", "is no https:// or file:// address")]
    [TestCase("tag: v1", "tag: --all", "'--all' is no tag")]
    [TestCase("tag: v1", "tag: a..b", "'a..b' is no tag")]
    [TestCase("commit: 0123456789012345678901234567890123456789", "commit: 0123456", "'0123456' is no commit: 40 hex digits")]
    [TestCase("name: tool", "name: ../tool", "'../tool' is no package name")]
    [TestCase("{A: \"y\"}", "{\"A;B\": \"y\"}", "'A;B' is no name of a CMake option")]
    [TestCase("{A: \"y\"}", "{A: \"y\\nz\"}", "the value has a line break")]
    [TestCase("fast:", "\"fast,x\":", "'fast,x' is no name of a switch")]
    public void Source_that_git_or_CMake_must_not_get_is_refused(string from, string to, string message)
    {
        using var folder = With(Native.Replace(from, to));

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [TestCase(
        "archive: {url: 'http://example.org/a', sha256: 0123456789012345678901234567890123456789012345678901234567890123}",
        "'http://example.org/a' is no https:// or file:// address"
    )]
    [TestCase("archive: {url: 'https://example.org/a', sha256: '012'}", "'012' is no SHA-256")]
    public void Archive_must_be_pinned(string archive, string message)
    {
        using var folder = With(Native + "    " + archive + "\n");

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Variant_without_source_must_say_which_package_gives_the_version()
    {
        using var folder = new RecipeFolder();
        folder.Change("    version_of: sample\n", "");

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("key 'version_of' is missing")
        );
    }

    [Test]
    public void Workloads_and_requests_are_those_of_the_variant()
    {
        using var folder = With(
            Native,
            """
            workloads:
              - {name: both, gpu: none, command: [sample], expect: ['found {code_target} on {gpu} \d{3}'], reject: ['{gpu}']}
              - {name: one, gpu: none, command: [sample], variants: [native]}
              - name: server
                gpu: none
                command: [sample]
                serve:
                  port: 1
                  ready: /
                  requests: [{path: /a}, {path: /b, variants: [debian], expect: ['{code_target}']}]
            """
        );
        var recipe = RecipeBook.Open(folder.Root).Read("sample");
        var debian = recipe.WorkloadsOf("debian");

        Assert.Multiple(() =>
        {
            Assert.That(debian.Select(w => w.Name), Is.EqualTo(new[] { "both", "server" }));
            Assert.That(recipe.WorkloadsOf("native").Select(w => w.Name), Is.EqualTo(new[] { "both", "one", "server" }));
            Assert.That(debian[0].Expect[0], Is.EqualTo(@"found gfx1100 on gfx1151 \d{3}"));
            Assert.That(debian[0].Reject[0], Is.EqualTo("gfx1151"));
            Assert.That(debian[1].Serve!.Requests.Select(r => r.Path), Is.EqualTo(new[] { "/a", "/b" }));
            Assert.That(debian[1].Serve!.Requests[1].Expect[0], Is.EqualTo("gfx1100"));
            Assert.That(recipe.WorkloadsOf("native")[2].Serve!.Requests.Select(r => r.Path), Is.EqualTo(new[] { "/a" }));
        });
    }

    [TestCase("- {name: run, gpu: none, command: [sample], variants: [other]}", "unknown variant 'other'; known: debian, native")]
    [TestCase("- {name: run, gpu: none, command: [sample], variants: [native]}", "no workload is for the variant 'debian'")]
    public void Workload_names_variants_that_are_there_and_leaves_none_unproven(string workload, string message)
    {
        using var folder = With(Native, "workloads:\n  " + workload + "\n");

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    private static RecipeFolder With(string variant, string? workloads = null)
    {
        var folder = new RecipeFolder();
        var text = RecipeFolder.Valid.Replace("image:\n", variant + "image:\n");
        folder.Write(workloads is null ? text : text[..text.IndexOf("workloads:", StringComparison.Ordinal)] + workloads);
        return folder;
    }
}
