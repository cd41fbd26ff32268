using Gfxbake.Formats.Packages;
using Gfxbake.Pipeline.Full;

namespace Gfxbake.Unit.Tests.Pipeline.Full;

public sealed class VersionLockTests
{
    private static readonly InstalledPackage[] Packages =
    [
        Package("libc6", "2.42-5"),
        Package("llama.cpp", "b8770"),
        Package("zlib1g", "1:1.3.dfsg-2"),
    ];

    [Test]
    public void Lock_comes_back_as_it_was_written()
    {
        var text = VersionLock.Of(Packages, "llama.cpp").Text;

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.EndWith("\nlibc6 2.42-5\nzlib1g 1:1.3.dfsg-2\n"), "what is compiled is the recipe's own");
            Assert.That(VersionLock.Parse(text).Text, Is.EqualTo(text));
        });
    }

    [Test]
    public void Apt_is_asked_for_the_locked_versions() =>
        Assert.That(
            VersionLock.Parse("libc6 2.42-5\n").AptPreferences(),
            Is.EqualTo("Package: libc6\nPin: version 2.42-5\nPin-Priority: 1001\n\n")
        );

    [Test]
    public void Every_package_that_is_not_as_locked_is_told()
    {
        var locked = VersionLock.Parse("libc6 2.42-4\nold 1\n");

        Assert.That(
            locked.Problems(Packages, "llama.cpp"),
            Is.EqualTo(
                new[]
                {
                    "libc6 is locked to 2.42-4, and the archive gave 2.42-5",
                    "old 1 is locked, and not in the image",
                    "zlib1g 1:1.3.dfsg-2 is in the image, and not in the lock",
                }
            )
        );
    }

    [TestCase("libc6", "line 1: 'libc6' is not a package's name and version")]
    [TestCase("# a\nlibc6 1\nlibc6 2", "line 3: libc6 again")]
    [TestCase("libc6 1\nPin: 2", "line 2: ")]
    [TestCase("Libc6 1", "line 1: ")]
    [TestCase("libc6 1 2", "line 1: ")]
    [TestCase("libc6 1;2", "line 1: ")]
    [TestCase("libc6 1\r", "line 1: ")]
    [TestCase("* 1", "line 1: ")]
    public void Broken_lock_is_refused_with_its_line(string text, string message) =>
        Assert.That(() => VersionLock.Parse(text), Throws.TypeOf<FormatException>().With.Message.StartsWith(message));

    [Test]
    public void Changes_are_a_line_each() =>
        Assert.That(
            PackageChanges.Between(Packages, [Package("libc6", "2.43-1"), Package("new", "1"), Package("zlib1g", "1:1.3.dfsg-2")]).Lines(),
            Is.EqualTo(new[] { "libc6      2.42-5 -> 2.43-1", "new        1, new", "llama.cpp  b8770, gone" })
        );

    [Test]
    public void Same_packages_have_no_changes() => Assert.That(PackageChanges.Between(Packages, Packages).None, Is.True);

    private static InstalledPackage Package(string name, string version) => new(name, version, "amd64", name, 0);
}
