using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Package;

public sealed class PackageWordsTests
{
    [TestCase("1:0.7.0+dfsg-2", "0.7.0")]
    [TestCase("6.4.4-2+b1", "6.4.4")]
    [TestCase("7.2.4+dfsg-1~exp1", "7.2.4")]
    [TestCase("2.43", "2.43")]
    [TestCase("1.5.7+dfsg1-3", "1.5.7")]
    [TestCase("1:21.1.8~ds-1", "21.1.8")]
    [TestCase("6.6+20260608-1", "6.6+20260608")]
    [TestCase("b8770", "b8770")]
    [TestCase("v0.5.7", "0.5.7")]
    [TestCase("v1.2-rc/3", "1.2.rc.3")]
    [TestCase("version-1", "version.1")]
    [TestCase("a b:c", "a.b.c")]
    [TestCase(" ", "0")]
    public void Version_has_what_pacman_and_rpm_take(string version, string expected) =>
        Assert.That(
            new[] { "arch", "fedora" }.Select(f =>
                PackageVersion.Of(PackageVersion.Upstream(version), SamplePackage.Facts.Format(f).Version)
            ),
            Is.All.EqualTo(expected)
        );

    [TestCase("b8770", "0.b8770")]
    [TestCase("1.2-rc/3", "1.2.rc.3")]
    [TestCase("1.2~rc3", "1.2~rc3")]
    public void Version_follows_the_rule_of_its_format(string version, string expected) =>
        Assert.That(
            PackageVersion.Of(version, new PackageVersionRule { Signs = "A-Za-z0-9.+~", BeforeLetter = "0." }),
            Is.EqualTo(expected)
        );

    [TestCase("tool-1.2-3-x86_64.pkg.tar.zst", true)]
    [TestCase("tool-4:1.2-3-x86_64.pkg.tar.zst", true)]
    [TestCase("tool-:1.2-3-x86_64.tar.zst", false)]
    public void File_of_a_format_with_epochs_is_the_package_in_some_version(string file, bool expected) =>
        Assert.That(new PackageFileName(SamplePackage.Facts.Format("arch"), "tool").IsMatch(file), Is.EqualTo(expected));

    [TestCase("tool-1.2-1.x86_64.rpm", true)]
    [TestCase("tool-0.b12-34.x86_64.rpm", true)]
    [TestCase("tool-1.2-1.aarch64.rpm", false)]
    [TestCase("tool-1.2-1.x86_64.rpm.partial", false)]
    [TestCase("tools-1.2-1.x86_64.rpm", false)]
    [TestCase("1-tool-1.2-1.x86_64.rpm", false)]
    public void File_is_the_package_in_some_version(string file, bool expected) =>
        Assert.That(new PackageFileName(SamplePackage.Facts.Format("fedora"), "tool").IsMatch(file), Is.EqualTo(expected));

    // rpm leaves the epoch out of a file's name.
    [TestCase("arch", 0, "tool-1.2-3-x86_64.pkg.tar.zst")]
    [TestCase("arch", 2, "tool-2:1.2-3-x86_64.pkg.tar.zst")]
    [TestCase("fedora", 0, "tool-1.2-3.x86_64.rpm")]
    [TestCase("fedora", 2, "tool-1.2-3.x86_64.rpm")]
    public void File_is_called_as_its_format_wants(string format, int epoch, string expected) =>
        Assert.That(new PackageFileName(SamplePackage.Facts.Format(format), "tool").Of("1.2", 3, epoch), Is.EqualTo(expected));

    [TestCase("arch", 0, "tool=1.2.3")]
    [TestCase("arch", 2, "tool=2:1.2.3")]
    [TestCase("fedora", 0, "tool = 1.2.3")]
    [TestCase("fedora", 2, "tool = 2:1.2.3")]
    public void Package_provides_the_version_that_others_compare(string format, int epoch, string expected)
    {
        var recipe = SamplePackage.Recipe with { Packages = SamplePackage.Recipe.Packages! with { Epoch = epoch } };
        var relations =
            (Dictionary<string, object>)
                new PackageModel(recipe, SamplePackage.Runtime, SamplePackage.Facts, format).ForFormat([])["relations"];

        Assert.That((IEnumerable<string>)relations["provides"], Is.EqualTo(new[] { expected }));
    }

    [TestCase("/usr/lib/p/a/b", "/usr/lib/p/a/c", "c")]
    [TestCase("/usr/lib/p/a/b", "/usr/lib/p/c/d", "../c/d")]
    [TestCase("/usr/share/x", "/usr/lib/p", "../lib/p")]
    [TestCase("/usr/lib/p/bin", "/usr/lib/p", ".")]
    public void Link_is_relative(string link, string target, string text) =>
        Assert.That(RuntimePlaces.Relative(link, target), Is.EqualTo(text));

    [TestCase("/usr/share/doc/a/copyright", "/usr/share/licenses/p/a/copyright")]
    [TestCase("/usr/share/doc", "/usr/share/licenses/p")]
    [TestCase("/usr/share/docs/a", "/usr/lib/p/usr/share/docs/a")]
    [TestCase("/usr/share/common-licenses/GPL", "/usr/share/licenses/p/common-licenses/GPL")]
    [TestCase("/usr/share/licenses/p/COPYING", "/usr/share/licenses/p/p/COPYING")]
    [TestCase("/bin", "/usr/lib/p/bin")]
    [TestCase("/", "/usr/lib/p")]
    public void Path_has_one_place(string path, string place) => Assert.That(new RuntimePlaces("p").Of(path), Is.EqualTo(place));

    [Test]
    public void Stand_ins_are_in_the_description_and_the_long_summary()
    {
        Dictionary<string, object> Words(params RuntimeStandIn[] standIns) =>
            new PackageModel(
                SamplePackage.Recipe,
                SamplePackage.Runtime with
                {
                    StandIns = standIns,
                },
                SamplePackage.Facts,
                "arch"
            ).ForFile();
        var (with, without) = (Words(new RuntimeStandIn("libLLVM.so.22.1", null)), Words());
        var answering = Words(new RuntimeStandIn("libLLVM.so.22.1", null), new RuntimeStandIn("libamd_comgr.so.3", 40));

        Assert.That(with["summary_with_standins"], Is.EqualTo($"{without["summary"]} (stand-in for libLLVM.so.22.1)"));
        Assert.That(without["summary_with_standins"], Is.EqualTo(without["summary"]));
        Assert.That(
            (IEnumerable<string>)with["description"],
            Is.EqualTo(
                ((IEnumerable<string>)without["description"]).Append(
                    "In place of libLLVM.so.22.1 is a stand-in whose functions only say so."
                )
            )
        );
        Assert.That(
            answering["summary_with_standins"],
            Is.EqualTo($"{without["summary"]} (stand-in for libLLVM.so.22.1; recorded answers for libamd_comgr.so.3)")
        );
        Assert.That(
            (IEnumerable<string>)answering["description"],
            Is.EqualTo([
                .. (IEnumerable<string>)with["description"],
                "In place of libamd_comgr.so.3 is a stand-in with 40 recorded answers;",
                "what was not recorded ends the program with a message.",
            ])
        );
        Assert.That((IEnumerable<string>)answering["description"], Has.All.Length.LessThan(80));
    }

    [Test]
    public void Licence_names_each_term_once_and_the_programs_first() =>
        Assert.That(
            RuntimeContents.Licence(
                [
                    Package("a", "Zlib AND (MIT AND ISC)"),
                    Package("b", "MIT OR NCSA"),
                    Package("c", "Apache-2.0 WITH LLVM-exception AND Zlib"),
                ],
                "MIT"
            ),
            Is.EqualTo("MIT AND (MIT OR NCSA) AND Apache-2.0 WITH LLVM-exception AND ISC AND Zlib")
        );

    [Test]
    public void Licence_that_the_list_lacks_or_nobody_can_read_is_one_word_at_the_end() =>
        Assert.That(
            RuntimeContents.Licence(
                [Package("a", "LicenseRef-x-1 AND ISC"), Package("b", null), Package("c", "LicenseRef-y OR MIT")],
                "MIT"
            ),
            Is.EqualTo("MIT AND ISC AND LicenseRef-Others")
        );

    [Test]
    public void Part_is_a_source_package_with_its_version() =>
        Assert.That(
            RuntimeContents.Parts([
                Package("z1", "MIT") with
                {
                    Source = "zlib",
                    Version = "1:1.3.1-2",
                },
                Package("z2", "MIT") with
                {
                    Source = "zlib",
                },
                Package("b", "MIT"),
                Package("Bad Name", "MIT"),
            ]),
            Is.EqualTo(new[] { new RuntimePart("b", "1.0"), new RuntimePart("zlib", "1.3.1") })
        );

    private static SbomPackage Package(string name, string? licence) =>
        new(name, "1.0-1", "amd64", name, "debian", new PackageLicence(licence, null), 0, []);
}
