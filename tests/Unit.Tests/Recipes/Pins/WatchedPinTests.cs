using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Pins;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Pins;

public sealed class WatchedPinTests
{
    private static readonly PinFile File = PinFile.Parse(
        "x.yml",
        """
        variants:
          native:
            source: {repository: https://github.com/a/b, tag: b8770, commit: c}
            archive: {url: "https://a.example/dist-7.14.0.tar.gz", sha256: d}
        """
    );

    [Test]
    public void Pin_of_another_series_counts_as_older()
    {
        var pin = WatchedPin.Of(File, ["variants", "native"], [Watch("source", @"v(?<version>.*)", index: null)])[0];

        Assert.That(pin.Version, Is.Null);
        Assert.That(pin.IsOlderThan(new UpstreamName("v0.1", "0.1")), Is.True);
    }

    [Test]
    public void Newer_pin_than_announced_is_ahead()
    {
        var pin = WatchedPin.Of(File, ["variants", "native"], [Watch("archive", @"dist-(?<version>.*)\.tar\.gz")])[0];

        Assert.That(new PinFinding(pin, new UpstreamName("dist-7.13.0.tar.gz", "7.13.0")).State, Is.EqualTo("ahead"));
        Assert.That(new PinFinding(pin, new UpstreamName("dist-7.14.0.tar.gz", "7.14.0")).State, Is.EqualTo("current"));
    }

    [Test]
    public void Address_of_an_archive_is_below_the_listing()
    {
        var pin = WatchedPin.Of(File, ["variants", "native"], [Watch("archive", @"dist-(?<version>.*)\.tar\.gz")])[0];

        Assert.That(
            pin.Edits(new UpstreamName("dist-7.15.0+1.tar.gz", "7.15.0+1"), "e").Select(e => (string.Join('.', e.Key), e.New)),
            Is.EqualTo(
                new[]
                {
                    ("variants.native.archive.url", "https://a.example/b/dist-7.15.0+1.tar.gz"),
                    ("variants.native.archive.sha256", "e"),
                }
            )
        );
    }

    [Test]
    public void All_wrong_watches_are_named() =>
        Assert.That(
            () =>
                WatchedPin.Of(
                    File,
                    ["variants", "native"],
                    [Watch("args.X", "(?<version>.)"), Watch("archive", "("), Watch("archive", "(?<version>.)")]
                ),
            Throws
                .TypeOf<RecipeException>()
                .With.Property("Problems")
                .EqualTo(
                    new[]
                    {
                        "x.yml: upstream of 'archive': '(' must be a regular expression with a group (?<version>…)",
                        "x.yml: two watches would update 'archive'; give all but one update: false",
                        "x.yml: upstream watches 'args.X', which is not pinned beside it",
                    }
                )
        );

    private static UpstreamWatch Watch(string pin, string match, string? index = "https://a.example/b/") =>
        new()
        {
            Pin = pin,
            Match = match,
            Index = index,
        };
}
