using Gfxbake.Formats.Dpkg;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Unit.Tests.Formats.Images;

public class DpkgTests
{
    private const string Status = """
        Package: libc6
        Status: install ok installed
        Priority: optional
        Installed-Size: 13114
        Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>
        Architecture: amd64
        Source: glibc (2.41-1)
        Version: 2.41-12
        Description: GNU C Library: Shared libraries
         Contains the standard libraries.
         .
         Status: deinstall ok config-files

        Package: gone
        Status: deinstall ok config-files
        Version: 1

        Package: never
        Status: unknown ok not-installed
        Version: 1

        Package: half
        Status: install ok half-configured
        Version: 1

        Package: bash
        Status: hold ok installed
        Version: 5.2-1
        Architecture: amd64
        """;

    [Test]
    public void Installed_packages_come_sorted_by_name()
    {
        using var image = new TarBuilder().File("var/lib/dpkg/status", Status).Open();

        Assert.That(
            new DpkgDatabase(image).Packages,
            Is.EqualTo([
                new InstalledPackage("bash", "5.2-1", "amd64", "bash", 0),
                new InstalledPackage("libc6", "2.41-12", "amd64", "glibc", 13114),
            ])
        );
    }

    [Test]
    public void Files_of_status_d_need_no_status()
    {
        using var image = new TarBuilder()
            .File("var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2025a\nArchitecture: all\n")
            .File("var/lib/dpkg/status.d/tzdata.md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/share/zoneinfo/UTC\n")
            .Open();

        Assert.That(new DpkgDatabase(image).Packages, Is.EqualTo([new InstalledPackage("tzdata", "2025a", "all", "tzdata", 0)]));
    }

    [Test]
    public void An_image_without_dpkg_has_no_packages()
    {
        using var image = new TarBuilder().Open();

        Assert.That(new DpkgDatabase(image).Packages, Is.Empty);
        Assert.That(new DpkgDatabase(image).OwnerOf("/"), Is.Null);
    }

    [TestCase("Package a\n", "line 1: no 'Field: value'")]
    [TestCase("Package: a\nPackage: b\n", "line 2: the field 'Package' again")]
    [TestCase("Status: install ok installed\nVersion: 1\n", "line 2: an installed package without")]
    [TestCase("Package: a\nStatus: install ok installed\n\n", "line 3: an installed package without")]
    [TestCase(
        "Package: a\nVersion: 1\nStatus: install ok installed\nInstalled-Size: -4\n",
        "line 4: the package 'a' with the Installed-Size '-4'"
    )]
    public void A_broken_database_is_an_error_with_its_line(string status, string message)
    {
        using var image = new TarBuilder().File("var/lib/dpkg/status", status).Open();

        Assert.That(
            () => new DpkgDatabase(image).Packages,
            Throws.InstanceOf<ImageFormatException>().With.Message.Contains("'/var/lib/dpkg/status' " + message)
        );
    }

    [TestCase("/usr/lib/libc.so.6", "libc6")]
    [TestCase("/usr/lib", null)]
    [TestCase("/lib", "base-files")]
    [TestCase("/usr/bin/tool", "bash")]
    [TestCase("/usr/bin/stranger", null)]
    [TestCase("/usr/bin/missing", null)]
    public void Files_belong_to_their_package_also_through_links_above_them(string path, string? package)
    {
        using var image = new TarBuilder()
            .File("usr/lib/libc.so.6")
            .File("usr/bin/tool")
            .File("usr/bin/stranger")
            .Link("lib", "usr/lib")
            .File("var/lib/dpkg/info/base-files.list", "/.\n/lib\n/usr\n/usr/lib\n")
            .File("var/lib/dpkg/info/bash.list", "/usr/bin/tool\n/usr/bin/missing\n/no/directory\n")
            .File("var/lib/dpkg/info/bash.md5sums", "garbage")
            .File("var/lib/dpkg/info/libc6:amd64.list", "/.\n/lib\n/lib/libc.so.6\n")
            .Open();

        Assert.That(new DpkgDatabase(image).OwnerOf(path), Is.EqualTo(package));
    }

    [Test]
    public void Diverted_files_belong_to_the_package_that_shipped_them()
    {
        using var image = new TarBuilder()
            .File("bin/sh")
            .File("bin/sh.distrib")
            .File("var/lib/dpkg/diversions", "/bin/sh\n/bin/sh.distrib\ndash\n")
            .File("var/lib/dpkg/info/bash.list", "/bin/sh\n")
            .File("var/lib/dpkg/info/dash.list", "/bin/sh\n")
            .Open();
        var dpkg = new DpkgDatabase(image);

        Assert.That((dpkg.OwnerOf("/bin/sh"), dpkg.OwnerOf("/bin/sh.distrib")), Is.EqualTo(("dash", "bash")));
    }

    [TestCase("info/a.list", "relative\n", "line 1: no absolute path")]
    [TestCase("diversions", "/a\n/b\n", "line 2: a diversion")]
    public void Broken_lists_are_errors_with_their_line(string file, string content, string message)
    {
        using var image = new TarBuilder().File("var/lib/dpkg/" + file, content).Open();

        Assert.That(() => new DpkgDatabase(image).OwnerOf("/"), Throws.InstanceOf<ImageFormatException>().With.Message.Contains(message));
    }
}
