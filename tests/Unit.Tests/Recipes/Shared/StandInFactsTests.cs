using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Recipes.Shared;

/// <summary>The file standins.yml and the variants that name its rules.</summary>
public sealed class StandInFactsTests
{
    private const string Yaml = """
        standins:
          llvm-of-radv:
            library: libLLVM.so.*
            why: nobody asks
            next: ask nobody
            for: [libvulkan_radeon.so]
            data:
              - symbols: [_ZTV*]
                why: only the library reads it
            refuted_by:
              - importer: libuser.so*
                symbols: [getrf*]
                why: it ends there
            source: the test
            read: 2026-11-28
        """;

    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new RecipeFolder();
        folder.Share("standins", Yaml);
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Variant_names_its_stand_ins()
    {
        folder.Change("version_of: sample", "version_of: sample\n    standins: [llvm-of-radv]");
        var book = RecipeBook.Open(folder.Root);
        var rules = book.StandInsOf(book.Read("sample").Variants["debian"].Standins);

        Assert.That(rules.Keys, Is.EqualTo(new[] { "llvm-of-radv" }));
        Assert.That(rules["llvm-of-radv"].RefutedBy.Single().Symbols, Is.EqualTo(new[] { "getrf*" }));
    }

    [TestCase(
        "[llvm-of-rad]",
        "recipes/sample/recipe.yml:15: unknown stand-in 'llvm-of-rad', did you mean llvm-of-radv?; known: llvm-of-radv "
            + "(recipes/_shared/standins.yml)"
    )]
    [TestCase("[llvm-of-radv, llvm-of-radv]", "recipes/sample/recipe.yml:15: the stand-in 'llvm-of-radv' is named twice")]
    public void Name_that_is_wrong_is_an_error_with_its_line(string names, string message)
    {
        folder.Change("version_of: sample", $"version_of: sample\n    standins: {names}");

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.EqualTo(message));
    }

    [TestCase("llvm-of-radv:", "none:", ":3: 'none' is no name of a stand-in")]
    [TestCase("llvm-of-radv:", "LLVM:", ":3: 'LLVM' is no name of a stand-in")]
    [TestCase("libLLVM.so.*", "'*'", ":3: '*' is no pattern of names")]
    [TestCase("libLLVM.so.*", "lib/LLVM.so", ":3: 'lib/LLVM.so' is no pattern of names")]
    [TestCase("libLLVM.so.*", "libLLVM*", ":3: 'libLLVM*' names no library: write '.so' out")]
    [TestCase("[libvulkan_radeon.so]", "[]", ":6: nothing may need the library; name the file that does")]
    [TestCase("[libvulkan_radeon.so]", "['*']", ":6: '*' is no pattern of names")]
    [TestCase("[_ZTV*]", "['*']", ":8: '*' is no pattern of names")]
    [TestCase("libuser.so*", "'**'", ":11: '**' is no pattern of names")]
    [TestCase("[getrf*]", "['*']", ":12: '*' is no pattern of names")]
    [TestCase("nobody asks", "nobody asks.", ":4: 'why' and 'next' are parts of a line; leave the full stop out")]
    [TestCase("ask nobody", "\"two\\nlines\"", ":4: the sentences that a stand-in writes must be of one line")]
    [TestCase("source:", "origin:", ": unknown key 'standins.llvm-of-radv.origin'")]
    public void Rule_that_is_wrong_is_an_error_with_its_line(string from, string to, string message)
    {
        folder.Share("standins", Yaml.Replace(from, to));

        Assert.That(() => RecipeBook.Open(folder.Root).StandIns, Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Rules_of_the_repository_are_valid() =>
        Assert.That(RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).StandIns.Standins.Keys, Has.Member("llvm-of-radv"));
}
