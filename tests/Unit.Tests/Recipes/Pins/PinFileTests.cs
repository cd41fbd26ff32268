using Gfxbake.Recipes.Pins;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Pins;

public sealed class PinFileTests
{
    private const string Text = """
        # head
        a:   &anchor old  # plain
        b: 'old' # single
        c: "old"
        d: {e: old, f: [old]}
        g: *anchor
        h: |
          old
        i: >-
          old
        j: "o\x6cd"
        k: ''
        m:
          n: old
        """;

    [TestCase("a", "a:   &anchor new  # plain")]
    [TestCase("b", "b: 'new' # single")]
    [TestCase("c", "c: \"new\"")]
    [TestCase("d.e", "d: {e: new, f: [old]}")]
    [TestCase("m.n", "  n: new")]
    public void Value_is_exchanged_where_it_stands(string key, string line)
    {
        var before = Text.Split('\n');
        var after = PinFile.Parse("x.yml", Text).With([new PinEdit(key.Split('.'), "new")]).Split('\n');

        var changed = before.Zip(after).Where(l => l.First != l.Second).ToList();
        Assert.That(changed.Select(c => c.Second), Is.EqualTo(new[] { line }));
        Assert.That(after, Has.Length.EqualTo(before.Length));
    }

    [Test]
    public void Alias_is_exchanged_at_its_anchor() =>
        Assert.That(PinFile.Parse("x.yml", Text).With([new PinEdit(["g"], "new")]), Is.EqualTo(Text.Replace("&anchor old", "&anchor new")));

    [Test]
    public void Several_values_of_different_length_are_exchanged_at_once() =>
        Assert.That(
            PinFile.Parse("x.yml", Text).With([new PinEdit(["a"], "much-longer"), new PinEdit(["m", "n"], "x"), new PinEdit(["b"], "v1")]),
            Is.EqualTo(Text.Replace("&anchor old", "&anchor much-longer").Replace("  n: old", "  n: x").Replace("'old'", "'v1'"))
        );

    [Test]
    public void Carriage_returns_stay() =>
        Assert.That(PinFile.Parse("x.yml", "a: old\r\nb: old\r\n").With([new PinEdit(["b"], "new")]), Is.EqualTo("a: old\r\nb: new\r\n"));

    [Test]
    public void Place_is_right_after_characters_outside_of_the_basic_plane() =>
        Assert.That(
            PinFile.Parse("x.yml", "# \U0001F600 ä\na: \U0001F600\nb: old\n").With([new PinEdit(["b"], "new")]),
            Is.EqualTo("# \U0001F600 ä\na: \U0001F600\nb: new\n")
        );

    [TestCase("h", "x.yml:7: 'h' is written in a form")]
    [TestCase("i", "x.yml:9: 'i' is written in a form")]
    [TestCase("j", "x.yml:11: 'j' is written in a form")]
    [TestCase("k", "x.yml:12: 'k' is written in a form")]
    [TestCase("zz", "x.yml:1: there is no 'zz'")]
    [TestCase("d", "x.yml:1: there is no 'd'")]
    public void Value_that_can_t_be_exchanged_is_an_error_with_its_line(string key, string message) =>
        Assert.That(
            () => PinFile.Parse("x.yml", Text).With([new PinEdit(key.Split('.'), "new")]),
            Throws.TypeOf<RecipeException>().With.Message.StartsWith(message)
        );

    [Test]
    public void Value_that_would_not_be_read_back_is_an_error() =>
        Assert.That(
            () => PinFile.Parse("x.yml", "a: old\n").With([new PinEdit(["a"], "new # comment")]),
            Throws.TypeOf<RecipeException>().With.Message.Contains("can't be exchanged in place")
        );
}
