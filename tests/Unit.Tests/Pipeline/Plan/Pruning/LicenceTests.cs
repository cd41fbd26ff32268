namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

[TestFixture]
internal sealed class LicenceTests
{
    private const string Doc = "/usr/share/doc",
        Common = "/usr/share/common-licenses";

    [Test]
    public void Licence_of_a_package_that_stays_stays_and_of_others_goes()
    {
        using var image = Image();
        image.Trace("/usr/bin/a");

        Assert.That(image.Causes(Doc + "/a/copyright"), Is.EqualTo("LicenceOf a"));
        Assert.That(image[Doc + "/a/changelog"].IsKept, Is.False);
        Assert.That(image[Doc + "/b/copyright"].IsKept, Is.False);
    }

    [Test]
    public void Common_licences_that_it_refers_to_stay_with_their_links_and_the_licence_of_their_package()
    {
        using var image = Image();
        image.Trace("/usr/bin/a");

        Assert.That(image.Causes(Common + "/GPL"), Is.EqualTo("LicenceOf a"));
        Assert.That(image.Causes(Common + "/GPL-3"), Is.EqualTo("LicenceOf a"));
        Assert.That(image.Causes(Common + "/LGPL-2.1"), Is.EqualTo("LicenceOf a"));
        Assert.That(image[Common + "/GPL-2"].IsKept, Is.False);
        Assert.That(image.Causes(Doc + "/base-files/copyright"), Is.EqualTo("LicenceOf base-files"));
    }

    [Test]
    public void Link_into_another_packages_directory_brings_what_it_leads_to()
    {
        using var image = Image();
        image.Trace("/usr/lib/c.so");

        Assert.That(image.Causes(Doc + "/c"), Is.EqualTo("LicenceOf c"));
        Assert.That(image.Causes(Doc + "/b/copyright"), Is.EqualTo("LicenceOf b; LicenceOf c").Or.EqualTo("LicenceOf c; LicenceOf b"));
    }

    [Test]
    public void Directory_of_a_package_alone_brings_no_licence()
    {
        using var image = Image();
        image.Trace("/usr/share/empty");

        Assert.That(image.Kept, Is.EqualTo("/usr /usr/share /usr/share/empty"));
    }

    [Test]
    public void Closure_does_not_run_again_for_a_licence()
    {
        using var image = Image();
        image
            .Image.Text(Doc + "/d/copyright", "#!/usr/bin/b\n", executable: true)
            .Text("/usr/bin/d", "x")
            .Text("/var/lib/dpkg/info/d.list", "/usr/bin/d\n");
        image.Trace("/usr/bin/d");

        Assert.That(
            image.Kept,
            Is.EqualTo("/usr /usr/bin /usr/bin/d /usr/share /usr/share/doc /usr/share/doc/d /usr/share/doc/d/copyright")
        );
    }

    [Test]
    public void Package_of_a_hostile_name_brings_nothing()
    {
        using var image = Image();
        image.Image.Text("/usr/share/copyright", "no package's").Text("/usr/bin/d", "x").Text("/var/lib/dpkg/info/...list", "/usr/bin/d\n");
        image.Trace("/usr/bin/d");

        Assert.That(image.Kept, Is.EqualTo("/usr /usr/bin /usr/bin/d"));
    }

    [TestCase("../../../etc/shadow")]
    [TestCase("..")]
    [TestCase(".")]
    public void Reference_out_of_the_directory_brings_nothing(string name)
    {
        using var image = Image();
        image
            .Image.Text(Doc + "/d/copyright", $"see {Common}/{name}")
            .Text("/usr/bin/d", "x")
            .Text("/etc/shadow", "secret")
            .Text("/var/lib/dpkg/info/d.list", "/usr/bin/d\n");
        image.Trace("/usr/bin/d");

        Assert.That(image.Kept, Does.Not.Contain("shadow").And.Not.Contain("common-licenses"));
    }

    private static PlannedImage Image()
    {
        var image = new PlannedImage();
        image
            .Image.Text("/usr/bin/a", "a")
            .Text("/usr/bin/b", "b")
            .Text("/usr/lib/c.so", "c")
            .Directory("/usr/share/empty")
            .Text(Doc + "/a/copyright", $"See {Common}/GPL, and {Common}/LGPL-2.1.")
            .Text(Doc + "/a/changelog", "news")
            .Text(Doc + "/b/copyright", "b's")
            .Link(Doc + "/c", "b")
            .Text(Doc + "/base-files/copyright", "base")
            .Link(Common + "/GPL", "GPL-3")
            .Text(Common + "/GPL-3", "3")
            .Text(Common + "/GPL-2", "2")
            .Text(Common + "/LGPL-2.1", "2.1")
            .Text("/var/lib/dpkg/info/a.list", $"/usr\n/usr/share/empty\n/usr/bin/a\n{Doc}/a/copyright\n{Doc}/a/changelog\n")
            .Text("/var/lib/dpkg/info/b.list", $"/usr/bin/b\n{Doc}/b/copyright\n")
            .Text("/var/lib/dpkg/info/c:amd64.list", $"/usr/lib/c.so\n{Doc}/c\n")
            .Text(
                "/var/lib/dpkg/info/base-files.list",
                $"{Common}/GPL\n{Common}/GPL-2\n{Common}/GPL-3\n{Common}/LGPL-2.1\n{Doc}/base-files/copyright\n"
            );
        return image;
    }
}
