using System.Globalization;
using System.IO.Compression;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Rpm;
using Gfxbake.Formats.Tar;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Formats.Rpm;

public class RpmDatabaseTests
{
    private const string Place = "/usr/lib/sysimage/rpm/rpmdb.sqlite";

    private static readonly string Fixture = Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "rpm");

    private static byte[] RealDatabase
    {
        get
        {
            using var packed = new GZipStream(File.OpenRead(Path.Combine(Fixture, "rpmdb.sqlite.gz")), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            packed.CopyTo(bytes);
            return bytes.ToArray();
        }
    }

    private static IEnumerable<string[]> Lines(string name) => File.ReadLines(Path.Combine(Fixture, name)).Select(l => l.Split(' ', 6));

    [Test]
    public void Packages_of_a_real_database_are_those_that_rpm_lists()
    {
        using var image = new TestImage().File(Place, RealDatabase);
        var database = RpmDatabase.Read(image.FileSystem)!;

        Assert.That(
            database.Packages.Select(p =>
                $"{p.Name} {p.Version} {p.Architecture} {p.Source} {p.InstalledKib} {database.LicenceOf(p.Name).Text}"
            ),
            Is.EqualTo(
                Lines("packages.txt")
                    .Select(w => $"{w[0]} {w[1]} {w[2]} sample {(long.Parse(w[4], CultureInfo.InvariantCulture) + 1023) / 1024} {w[5]}")
            )
        );
    }

    [Test]
    public void Owners_in_a_real_database_are_those_that_rpm_lists()
    {
        using var image = new TestImage().File(Place, RealDatabase).Directory("/usr/share/sample");
        var files = Lines("files.txt").Where(w => w[1] != "/usr/share/sample" && w[1] != "/usr/share/many").ToList();
        files.ForEach(w => image.Text(w[1], w[0]));
        var database = RpmDatabase.Read(image.FileSystem)!;

        Assert.Multiple(() =>
        {
            Assert.That(files, Has.Count.GreaterThan(150));
            foreach (var file in files)
                Assert.That(database.OwnerOf(file[1]), Is.EqualTo(file[^1] == "installed" ? null : file[0]), file[1]);
            Assert.That(database.OwnerOf("/usr/share/sample"), Is.Null, "a directory");
            Assert.That(database.LicenceFiles("sample"), Is.EqualTo(new[] { "/usr/share/licenses/sample/COPYING" }));
            Assert.That(database.LicenceFiles("sample-data"), Is.EqualTo(database.LicenceFiles("sample")), "of the same source");
        });
    }

    [TestCase("/usr/lib/sysimage/rpm/rpmdb.sqlite")]
    [TestCase("/var/lib/rpm/rpmdb.sqlite")]
    public void Database_is_found_in_either_place(string place)
    {
        using var image = new TestImage().File(place, Database(RpmHeaderBuilder.Package("a")));

        Assert.That(RpmDatabase.Read(image.FileSystem)!.Packages.Select(p => p.Name), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Image_without_one_has_none()
    {
        using var image = new TestImage().Directory("/var/lib/rpm");

        Assert.That(RpmDatabase.Read(image.FileSystem), Is.Null);
    }

    [TestCase("-wal")]
    [TestCase("-journal")]
    public void Database_that_was_not_closed_is_refused(string ending)
    {
        using var image = new TestImage()
            .File("/usr/lib/sysimage/rpm/rpmdb.sqlite", Database(RpmHeaderBuilder.Package("a")))
            .Text("/usr/lib/sysimage/rpm/rpmdb.sqlite" + ending, "pages")
            .Link("/var/lib/rpm", "../../usr/lib/sysimage/rpm");

        Assert.That(
            () => RpmDatabase.Read(image.FileSystem),
            Throws.InstanceOf<ImageFormatException>().With.Message.Contains($"rpmdb.sqlite{ending}' has 5 bytes")
        );
    }

    [Test]
    public void Empty_write_ahead_log_says_that_it_was_closed()
    {
        using var image = new TestImage().File(Place, Database(RpmHeaderBuilder.Package("a"))).Text(Place + "-wal", "");

        Assert.That(RpmDatabase.Read(image.FileSystem)!.Packages, Has.Count.EqualTo(1));
    }

    [TestCase("/var/lib/rpm/Packages")]
    [TestCase("/usr/lib/sysimage/rpm/Packages.db")]
    public void Other_form_is_named_and_not_taken_for_none(string place)
    {
        using var image = new TestImage().Text(place, "x");

        Assert.That(
            () => RpmDatabase.Read(image.FileSystem),
            Throws.InstanceOf<ImageFormatException>().With.Message.Contains($"'{place}': an rpm database that is not SQLite")
        );
    }

    [TestCase("/usr/bin/tool", "a")]
    [TestCase("/usr/lib/library", "b")]
    [TestCase("/usr/bin", null)]
    [TestCase("/usr/bin/stranger", null)]
    [TestCase("/usr/bin/missing", null)]
    public void Files_belong_to_the_first_package_by_name_also_through_links_above_them(string path, string? owner)
    {
        using var image = new TestImage()
            .Text("/usr/bin/tool", "x")
            .Text("/usr/bin/stranger", "x")
            .Text("/usr/lib/library", "x")
            .Link("/lib", "usr/lib")
            .File(
                Place,
                Database(
                    RpmHeaderBuilder.Package("b", ("/usr/bin/tool", 0), ("/lib/library", 0), ("/usr/bin", 0)),
                    RpmHeaderBuilder.Package("a", ("/usr/bin/tool", 0), ("/usr/bin/missing", 0), ("/", 0))
                )
            );

        Assert.That(RpmDatabase.Read(image.FileSystem)!.OwnerOf(path), Is.EqualTo(owner));
    }

    [TestCase((byte)0, "a")]
    [TestCase((byte)1, null)]
    [TestCase((byte)2, null)]
    [TestCase((byte)3, "a")]
    [TestCase((byte)4, null)]
    public void File_of_which_rpm_says_that_it_is_another_packages_has_not_this_owner(byte state, string? owner)
    {
        using var image = new TestImage()
            .Text("/usr/bin/tool", "x")
            .File(Place, Database(RpmHeaderBuilder.Package("a", ("/usr/bin/tool", 0)).Bytes(1029, state)));

        Assert.That(RpmDatabase.Read(image.FileSystem)!.OwnerOf("/usr/bin/tool"), Is.EqualTo(owner));
    }

    [Test]
    public void Licence_files_are_those_that_the_package_marks_and_owns()
    {
        using var image = new TestImage()
            .Text("/usr/share/licenses/a/MIT", "x")
            .Text("/etc/shadow", "x")
            .File(
                Place,
                Database(
                    RpmHeaderBuilder.Package("a", ("/usr/share/licenses/a/MIT", 128 | 2), ("/usr/share/licenses/a/gone", 128)),
                    RpmHeaderBuilder.Package("b", ("/usr/share/licenses/a/MIT", 128)),
                    RpmHeaderBuilder.Package("c").Text(1044, "other-tool-1-1.src.rpm")
                )
            );
        var database = RpmDatabase.Read(image.FileSystem)!;

        Assert.That(database.LicenceFiles("a"), Is.EqualTo(new[] { "/usr/share/licenses/a/MIT" }));
        Assert.That(database.LicenceFiles("b").Concat(database.LicenceFiles("c")).Concat(database.LicenceFiles("x")), Is.Empty);
        Assert.That(database.Packages.Select(p => p.Source), Is.EqualTo(new[] { "a", "b", "other-tool" }));
    }

    [Test]
    public void What_was_added_at_installation_wins_and_large_sizes_count()
    {
        using var image = new TestImage().File(
            Place,
            Database(RpmHeaderBuilder.Package("a").Numbers(1009, 5).Long(5009, 1UL << 33).Text(1022, "noarch"))
        );

        Assert.That(
            RpmDatabase.Read(image.FileSystem)!.Packages,
            Is.EqualTo(new[] { new InstalledPackage("a", "1-1", "noarch", "a", 1L << 23) })
        );
    }

    [TestCase("2:1.5~rc1-3^x", "x86_64", "pkg:rpm/fedora/libc%2B%2B@1.5~rc1-3%5Ex?arch=x86_64&epoch=2")]
    [TestCase("1-1.fc42", "noarch", "pkg:rpm/fedora/libc%2B%2B@1-1.fc42?arch=noarch")]
    [TestCase("1-1", "", "pkg:rpm/fedora/libc%2B%2B@1-1")]
    public void Package_url_has_the_epoch_as_a_qualifier(string version, string architecture, string url)
    {
        using var image = new TestImage().File(Place, Database(RpmHeaderBuilder.Package("a")));

        Assert.That(
            RpmDatabase.Read(image.FileSystem)!.Url(new InstalledPackage("libc++", version, architecture, "libc++", 0), "fedora"),
            Is.EqualTo(url)
        );
    }

    internal static byte[] Database(params RpmHeaderBuilder[] packages) => SqliteBuilder.Build(packages.Select(p => p.Build()));
}
