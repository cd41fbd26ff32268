using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Pins;

namespace Gfxbake.Unit.Tests.Recipes.Pins;

public sealed class UpstreamNamesTests
{
    [TestCase("""<a href="7.2.1/">7.2.1/</a>""", "7.2.1/")]
    [TestCase("""<a href="/rocm/apt/7.2.1/">x</a>""", "7.2.1/")]
    [TestCase("""<a href=7.2.1/>x</a>""", "7.2.1/")]
    [TestCase("""var files = [{"name":"a-7.2.1.tar.gz","size":1}];""", "a-7.2.1.tar.gz")]
    [TestCase("""<Key>tarball/a-7.2.1.tar.gz</Key>""", "a-7.2.1.tar.gz")]
    [TestCase("""<a href='https://elsewhere/a-7.2.1.tar.gz?x=1#y'>""", "a-7.2.1.tar.gz")]
    [TestCase("""<a href="lib_7.2%2bdfsg-1%7eexp1_amd64.deb">""", "lib_7.2+dfsg-1~exp1_amd64.deb")]
    [TestCase("""<a href="a&#43;b-1">""", "a+b-1")]
    public void Name_is_found_in_any_kind_of_listing(string page, string name) =>
        Assert.That(UpstreamNames.InPage(page), Does.Contain(name));

    [Test]
    public void Name_that_is_too_long_is_left_out() =>
        Assert.That(UpstreamNames.InPage($"\"{new string('a', 201)}\" \"{new string('b', 5000)}\" \"c\""), Is.EqualTo(new[] { "c" }));

    [Test]
    public void Newest_is_by_version_and_not_by_place_or_text() =>
        Assert.That(
            UpstreamNames.Newest(Watch(@"v(?<version>[\d.]+)"), ["v0.10.0", "v0.9.0", "b9999", "v0.2.0"]),
            Is.EqualTo(new UpstreamName("v0.10.0", "0.10.0"))
        );

    [TestCase("xv1.0")]
    [TestCase("v1.0x")]
    [TestCase("v1.0\n")]
    public void Pattern_takes_whole_names_only(string name) =>
        Assert.That(UpstreamNames.Read(Watch(@"v(?<version>[\d.]+)"), name), Is.Null);

    [TestCase("a b")]
    [TestCase("a\"b")]
    [TestCase("../b")]
    [TestCase("a/b")]
    [TestCase("-a")]
    [TestCase("a\u001b[31m")]
    [TestCase("a: b")]
    public void Name_that_would_mean_something_elsewhere_is_not_taken(string name) =>
        Assert.That(UpstreamNames.Read(Watch("(?<version>(?s:.*))"), name), Is.Null);

    [TestCase("source", null, "v(?<version>.*)", null)]
    [TestCase("args.X", "https://a.example/b/", "(?<version>.*)", null)]
    [TestCase("args.X", "http://127.0.0.1:80/b/", "(?<version>.*)", null)]
    [TestCase("source", "https://a.example/", "(?<version>.*)", "index")]
    [TestCase("archive", null, "(?<version>.*)", "pin")]
    [TestCase("archive", "http://a.example/", "(?<version>.*)", "index")]
    [TestCase("archive", "https://a.example/b", "(?<version>.*)", "index")]
    [TestCase("archive", "https://a.example/?x=/", "(?<version>.*)", "index")]
    [TestCase("archive", "file:///etc/", "(?<version>.*)", "index")]
    [TestCase("source", null, "v(.*)", "match")]
    [TestCase("source", null, "v(?<version>", "match")]
    public void Watch_says_which_key_is_wrong(string pin, string? index, string match, string? key) =>
        Assert.That(
            new UpstreamWatch
            {
                Pin = pin,
                Index = index,
                Match = match,
            }
                .Problems()
                .Select(p => p.Key),
            Is.EqualTo(key is null ? [] : new[] { key })
        );

    private static UpstreamWatch Watch(string match) => new() { Pin = "source", Match = match };
}
