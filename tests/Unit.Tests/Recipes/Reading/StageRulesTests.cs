using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class StageRulesTests
{
    private const string Stage = """
        stage:
          lock: sample/rocm.lock
          release: "43"
          repositories: ["https://example.org/$releasever/$basearch/os/"]
          version_of: hip
          packages: [hip, blas]
          leave_out: [/usr/share/**]
          places:
            library: [/usr/lib64/libamdhip64.so.*]
            table: [/usr/lib64/*.dat]
            compiler: [/usr/bin/clang++]
            device_library: [/usr/**/ocml.bc]
            prefix: /usr

        """;

    [Test]
    public void Stage_of_plain_words_is_taken()
    {
        using var folder = With(Stage);

        Assert.That(RecipeBook.Open(folder.Root).Read("sample").Stage!.Packages, Is.EqualTo(new[] { "hip", "blas" }));
    }

    [TestCase("sample/rocm.lock", "../../.bashrc", "'../../.bashrc' must be a file below recipes/, without '..'")]
    [TestCase("sample/rocm.lock", "/etc/passwd", "'/etc/passwd' must be a file below recipes/, without '..'")]
    [TestCase("[hip, blas]", "[hip, --setopt=x]", "'--setopt=x' is no name of a package")]
    [TestCase("[hip, blas]", "[hip, hip]", "'hip' is named 2 times")]
    [TestCase("[hip, blas]", "[blas]", "'hip' is none of the stage's packages")]
    [TestCase("[hip, blas]", "[]", "nothing would be unpacked; name a package")]
    [TestCase("\"43\"", "--x", "'--x' is no release")]
    [TestCase("https://example.org", "http://example.org", "is no https:// or file:// address")]
    [TestCase("https://example.org", "https://user:secret@example.org", "is no https:// or file:// address")]
    [TestCase("[/usr/share/**]", "[share/**]", "the pattern 'share/**' is not absolute")]
    [TestCase("prefix: /usr", "prefix: /usr/../..", "has an empty, '.' or '..' component")]
    public void What_dnf_or_a_file_could_misunderstand_is_refused(string from, string to, string problem)
    {
        using var folder = With(Stage.Replace(from, to));

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains(problem).And.Message.Contains("recipes/sample/recipe.yml:")
        );
    }

    private static RecipeFolder With(string stage)
    {
        var folder = new RecipeFolder();
        folder.Change("variants:\n", stage + "variants:\n");
        return folder;
    }
}
