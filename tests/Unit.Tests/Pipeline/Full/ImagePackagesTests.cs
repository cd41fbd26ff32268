using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Unit.Tests.Formats.Elf;
using Gfxbake.Unit.Tests.Formats.Rpm;

namespace Gfxbake.Unit.Tests.Pipeline.Full;

public class ImagePackagesTests
{
    private const string Rpm = "/usr/lib/sysimage/rpm/rpmdb.sqlite",
        Dpkg = "/var/lib/dpkg/status",
        Stanza = "Package: d\nStatus: install ok installed\nVersion: 1\n";

    [TestCase(true, false, "rpm", "r")]
    [TestCase(false, true, "deb", "d")]
    [TestCase(false, false, "deb", "")]
    public void Database_that_the_image_has_answers(bool rpm, bool dpkg, string type, string packages)
    {
        using var image = Image(rpm, dpkg);

        var database = ImagePackages.Read(image.FileSystem);

        Assert.That(database.Type, Is.EqualTo(type));
        Assert.That(string.Join(' ', database.Packages.Select(p => p.Name)), Is.EqualTo(packages));
    }

    [Test]
    public void Image_with_packages_in_both_is_refused()
    {
        using var image = Image(rpm: true, dpkg: true);

        Assert.That(
            () => ImagePackages.Read(image.FileSystem),
            Throws.InstanceOf<ImageFormatException>().With.Message.Contains("rpm has 1 packages in the image and dpkg 1")
        );
    }

    [Test]
    public void Database_without_packages_belongs_to_a_mere_tool()
    {
        using var debian = Image(rpm: false, dpkg: true);
        debian.File(Rpm, SqliteBuilder.Build([]));
        using var fedora = Image(rpm: true, dpkg: false);
        fedora.Text(Dpkg, "");

        Assert.That(ImagePackages.Read(debian.FileSystem).Type, Is.EqualTo("deb"));
        Assert.That(ImagePackages.Read(fedora.FileSystem).Type, Is.EqualTo("rpm"));
    }

    private static TestImage Image(bool rpm, bool dpkg)
    {
        var image = new TestImage().Text("/usr/bin/tool", "x");
        if (rpm)
            image.File(Rpm, RpmDatabaseTests.Database(RpmHeaderBuilder.Package("r")));
        if (dpkg)
            image.Text(Dpkg, Stanza);
        return image;
    }
}
