using Gfxbake.Formats.Images;

namespace Gfxbake.Unit.Tests.Formats.Images;

public class PathResolutionTests
{
    private readonly ImageFileSystem image = Build();

    [OneTimeTearDown]
    public void Close() => image.Dispose();

    [TestCase("/", "/")]
    [TestCase("//usr/./lib/libc.so", "/usr/lib/libc.so")]
    [TestCase("usr/lib/libc.so", "/usr/lib/libc.so")]
    [TestCase("/..", "/")]
    [TestCase("/../../usr/../usr/lib", "/usr/lib")]
    [TestCase("/lib/libc.so", "/usr/lib/libc.so")]
    [TestCase("/lib/..", "/usr")]
    [TestCase("/absolute/libc.so", "/usr/lib/libc.so")]
    [TestCase("/escape", "/usr/lib")]
    [TestCase("/usr/lib/absolute", "/usr/lib/libc.so")]
    [TestCase("/usr/lib/up/lib", "/usr/lib")]
    [TestCase("/slash/", "/usr/lib")]
    [TestCase("/chain3", "/usr/lib/libc.so")]
    [TestCase("/hard", "/hard")]
    public void Paths_lead_where_the_kernel_goes(string path, string target)
    {
        Assert.That(image.Resolve(path).Target?.Path, Is.EqualTo(target));
    }

    [TestCase("")]
    [TestCase("/missing")]
    [TestCase("/missing/../usr")]
    [TestCase("/dangling")]
    [TestCase("/dangling/..")]
    [TestCase("/loop")]
    [TestCase("/loop/x")]
    [TestCase("/ping")]
    [TestCase("/usr/lib/libc.so/")]
    [TestCase("/usr/lib/libc.so/.")]
    [TestCase("/usr/lib/libc.so/..")]
    [TestCase("/usr/lib/libc.so/x")]
    [TestCase("/fileslash")]
    public void Paths_that_the_kernel_refuses_lead_nowhere(string path)
    {
        Assert.That(image.Resolve(path).Target, Is.Null);
    }

    [Test]
    public void Links_come_in_the_order_of_the_walk()
    {
        Assert.That(image.Resolve("/chain3").Links.Select(link => link.Path), Is.EqualTo(["/chain3", "/chain2", "/absolute"]));
        Assert.That(image.Resolve("/dangling").Links.Select(link => link.Path), Is.EqualTo(["/dangling"]));
    }

    [Test]
    public void The_last_link_is_the_target_when_it_is_not_followed()
    {
        var resolution = image.Resolve("/lib/link", followLast: false);

        Assert.That(resolution.Target?.Path, Is.EqualTo("/usr/lib/link"));
        Assert.That(resolution.Links.Select(link => link.Path), Is.EqualTo(["/lib"]));
    }

    [Test]
    public void A_slash_at_the_end_follows_the_last_link_all_the_same()
    {
        Assert.That(image.Resolve("/lib/", followLast: false).Target?.Path, Is.EqualTo("/usr/lib"));
    }

    [TestCase(40, true)]
    [TestCase(41, false)]
    public void At_most_forty_links_are_followed(int links, bool reached)
    {
        var tar = new TarBuilder().File("0");
        for (var i = 1; i <= links; i++)
            tar.Link($"{i}", $"{i - 1}");

        using var chain = tar.Open();

        Assert.That(chain.Resolve($"/{links}").Target is not null, Is.EqualTo(reached));
    }

    [Test]
    public void Links_that_multiply_end_soon()
    {
        var tar = new TarBuilder().Directory("d").Link("d/0", ".");
        for (var i = 1; i <= 20; i++)
            tar.Link($"d/{i}", $"{i - 1}/{i - 1}");

        using var bomb = tar.Open();

        Assert.That(bomb.Resolve("/d/20").Target, Is.Null);
        Assert.That(bomb.Resolve("/d/20").Links, Has.Count.EqualTo(40));
    }

    private static ImageFileSystem Build() =>
        new TarBuilder()
            .File("usr/lib/libc.so")
            .HardLink("hard", "usr/lib/libc.so")
            .Link("usr/lib/link", "libc.so")
            .Link("usr/lib/up", "..")
            .Link("usr/lib/absolute", "/lib/libc.so")
            .Link("lib", "usr/lib")
            .Link("absolute", "/usr/lib")
            .Link("escape", "../../../../usr/lib")
            .Link("slash", "usr/lib/")
            .Link("chain2", "absolute/libc.so")
            .Link("chain3", "/chain2")
            .Link("fileslash", "usr/lib/libc.so/")
            .Link("dangling", "/not/here")
            .Link("loop", "loop")
            .Link("ping", "pong")
            .Link("pong", "ping")
            .Open();
}
