using System.Security.Cryptography;
using System.Text;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Proof;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

[TestFixture]
internal sealed class SbomBuilderTests
{
    [Test]
    public void Packages_are_those_of_which_a_file_or_link_remains()
    {
        using var sample = new SampleSbom();

        Assert.That(
            sample.Document.Packages.Select(p => $"{p.Name} {p.Version} {p.Source} {p.Files.Count}+{p.Links}"),
            Is.EqualTo(new[] { "hand 1 hand 2+0", "libc++1 17 libc++1 2+0", "tool 1:2.0+b1~3 toolbox 3+1" })
        );
    }

    [Test]
    public void Package_url_escapes_what_must_be()
    {
        using var sample = new SampleSbom();

        Assert.That(
            sample.Document.Packages.Select(p => p.Purl),
            Is.EqualTo(
                new[]
                {
                    "pkg:deb/debian/hand@1?arch=all",
                    "pkg:deb/debian/libc%2B%2B1@17?arch=amd64",
                    "pkg:deb/debian/tool@1:2.0%2Bb1~3?arch=amd64",
                }
            )
        );
    }

    [Test]
    public void Licences_come_from_the_copyright_files()
    {
        using var sample = new SampleSbom();
        var document = sample.Document;

        Assert.That(document.Packages[1].Licence, Is.EqualTo(new PackageLicence("MIT", null)));
        Assert.That(document.Packages[2].Licence.Expression, Is.EqualTo("GPL-2.0-or-later OR " + document.Licences.Single().Id));
        Assert.That(
            document.Packages[0].Licence.Note,
            Does.Contain("/usr/share/doc/hand/copyright is not in Debian's machine-readable format")
        );
        Assert.That(document.Licences.Single().Text, Is.EqualTo("You \"may\" <b>&"));
    }

    [Test]
    public void Files_without_a_package_stand_apart()
    {
        using var sample = new SampleSbom();

        Assert.That(sample.Document.Unowned.Select(f => f.Path), Is.EqualTo(new[] { "/etc/generated" }));
    }

    [Test]
    public void Digests_are_of_what_is_in_the_layer_and_hard_links_share_them()
    {
        using var sample = new SampleSbom { Replaced = { ["/usr/bin/tool"] = "slim" } };
        var slim = Encoding.UTF8.GetBytes("slim");
        sample.Slimmed.Add(new SlimmedFile("/usr/bin/tool", 7, 4, Convert.ToHexStringLower(SHA256.HashData(slim))));

        var files = sample.Document.Packages[2].Files;

        Assert.That(files.Select(f => f.Path), Is.EqualTo(new[] { "/usr/bin/tool", "/usr/bin/twin", "/usr/share/doc/tool/copyright" }));
        Assert.That(
            files[0],
            Is.EqualTo(new SbomFile("/usr/bin/tool", 4, "80a9a73f8183c4800448dede6e2181e2cd1ab334", sample.Slimmed[0].Sha256))
        );
        Assert.That(files[1], Is.EqualTo(files[0] with { Path = "/usr/bin/twin" }));
    }

    [Test]
    public void Slimmed_file_with_other_content_than_recorded_is_an_error()
    {
        using var sample = new SampleSbom();
        sample.Slimmed.Add(new SlimmedFile("/usr/bin/tool", 7, 4, new string('0', 64)));

        Assert.That(() => sample.Document, Throws.InstanceOf<SbomException>().With.Message.Contains("/usr/bin/tool has other content"));
    }
}
