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
    public void First_of_several_sources_is_the_program()
    {
        using var folder = Several("sources: [tool, {from: more, tag: v2}]\n    archives: {a.tar.gz: ARCHIVE, b.zip: ARCHIVE}");
        var variant = RecipeBook.Open(folder.Root).Read("sample").Variants["debian"];

        Assert.Multiple(() =>
        {
            Assert.That(variant.Sources.Select(s => $"{s.Name} {s.Tag}"), Is.EqualTo(new[] { "tool v1", "more v2" }));
            Assert.That(variant.Source, Is.SameAs(variant.Sources[0]));
            Assert.That(variant.Archives.Keys, Is.EqualTo(new[] { "a.tar.gz", "b.zip" }));
        });
    }

    [Test]
    public void One_source_and_one_archive_are_lists_of_one()
    {
        using var folder = Several("source: tool\n    archive: ARCHIVE");
        var variant = RecipeBook.Open(folder.Root).Read("sample").Variants["debian"];

        Assert.That(variant.Sources, Is.EqualTo(new[] { variant.Source }));
        Assert.That(variant.Archives.Keys, Is.EqualTo(new[] { "rocm.tar.gz" }));
    }

    [TestCase("sources: [tool, tool]", "the name 'tool' is used twice; each has a folder of its own")]
    [TestCase("sources: [tool, other]", "unknown source 'other'; known: tool, more (the recipe's 'sources')")]
    [TestCase(
        "sources: [{name: x1, repository: 'https://example.org/x', tag: v1, commit: 0123456789012345678901234567890123456789}]",
        "name a source of the recipe's 'sources', or start 'from' one"
    )]
    [TestCase("source: tool\n    sources: [more]", "leave out 'source': the first of 'sources' is the program")]
    [TestCase("archive: ARCHIVE\n    archives: {a: ARCHIVE}", "leave out 'archive': in 'archives' its file is called rocm.tar.gz")]
    [TestCase("archives: {../a: ARCHIVE}", "'../a' can't be the name of an archive's file")]
    [TestCase("archives: {Dockerfile: ARCHIVE}", "'Dockerfile' can't be the name of an archive's file")]
    [TestCase("archives: {compile.sh: ARCHIVE}", "'compile.sh' can't be the name of an archive's file")]
    [TestCase("archives: {a: {url: 'http://example.org/a', sha256: '0'}}", "'http://example.org/a' is no https:// or file:// address")]
    public void Several_sources_and_archives_that_do_not_fit_are_refused(string keys, string message)
    {
        using var folder = Several(keys);

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    private static RecipeFolder Several(string keys)
    {
        var folder = new RecipeFolder();
        folder.Change(
            "variants:\n  debian:\n",
            $$"""
            sources:
              tool: &code {repository: 'https://example.org/tool', tag: v1, commit: 0123456789012345678901234567890123456789}
              more: *code
            variants:
              debian:
                {{keys.Replace("ARCHIVE", $"{{url: 'https://example.org/a', sha256: {new string('0', 64)}}}")}}

            """
        );
        return folder;
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
              - {name: both, command: [sample], expect: ['found {code_target} on {gpu} \d{3}'], reject: ['{gpu}']}
              - {name: one, command: [sample], variants: [native]}
              - name: server
                command: [sample]
                serve:
                  port: 1
                  ready: /
                  requests: [{path: /a}, {path: /b, variants: [debian], expect: ['{code_target}']}]
                  clients: [{command: [sample, ask], expect: ['on {code_target}']}]
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
            Assert.That(debian[1].Serve!.Clients[0].Expect[0], Is.EqualTo("on gfx1100"));
            Assert.That(recipe.WorkloadsOf("native")[2].Serve!.Requests.Select(r => r.Path), Is.EqualTo(new[] { "/a" }));
        });
    }

    [TestCase("- {name: run, command: [sample], variants: [other]}", "unknown variant 'other'; known: debian, native")]
    [TestCase("- {name: run, command: [sample], variants: [native]}", "no workload is for the variant 'debian'")]
    public void Workload_names_variants_that_are_there_and_leaves_none_unproven(string workload, string message)
    {
        using var folder = With(Native, "workloads:\n  " + workload + "\n");

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [TestCase("[{command: []}]", "recipe.yml:38: the command is empty")]
    [TestCase("[{command: [a], expect: ['(']}]", "recipe.yml:38: '(' is no regular expression")]
    [TestCase("[{command: [a], ignore: ['(']}]", "recipe.yml:38: '(' is no regular expression")]
    public void Client_has_a_command_and_good_patterns(string clients, string message)
    {
        using var folder = With(
            Native,
            $"workloads:\n  - {{name: s, command: [sample], serve: {{port: 1, ready: /, requests: [], clients: {clients}}}}}\n"
        );

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
