using Gfxbake.Formats.Text;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests;

[TestFixture]
internal sealed class HintsTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.AddSource("https://example.org/tool", "v1", new string('1', 40));
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [TestCase("", "./build.sh --target=Why")]
    [TestCase("recipe=sample variant=debian engine=auto", "./build.sh --target=Why")]
    [TestCase("variant=native", "./build.sh --target=Why --variant=native")]
    [TestCase(
        "recipe=other variant=native engine=podman offload=raw provision=",
        "./build.sh --target=Why --recipe=other --variant=native --engine=podman --offload=raw"
    )]
    [TestCase("standins=none", "./build.sh --target=Why --standins=none")]
    [TestCase("variant=native source=/my$code with=fast", "./build.sh --target=Why --variant=native --source='/my$code' --with=fast")]
    public void Command_is_for_the_build_of_this_run(string arguments, string command)
    {
        build.Write(
            "recipes/other/recipe.yml",
            File.ReadAllText(build.PathOf("recipes/sample/recipe.yml")).Replace("name: sample", "name: other")
        );
        var given = arguments
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(a => a.Split('=', 2))
            .Select(a => (a[0], a[1]))
            .ToArray();

        Assert.That(build.Open(given).Command("Why"), Is.EqualTo(command));
    }

    [TestCase("plain-1.2/x", "plain-1.2/x")]
    [TestCase("a b", "'a b'")]
    [TestCase("it's", @"'it'\''s'")]
    [TestCase("", "''")]
    public void Word_is_quoted_as_a_shell_wants_it(string word, string quoted) => Assert.That(ShellText.Quote(word), Is.EqualTo(quoted));
}
