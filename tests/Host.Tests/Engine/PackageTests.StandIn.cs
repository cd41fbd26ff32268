namespace Gfxbake.Host.Tests.Engine;

public sealed partial class PackageTests
{
    private static readonly string[] Changed =
    [
        "/usr/lib/{name}/usr/lib/sample-private/deep/libbrought.so.1",
        "/usr/lib/{name}/usr/lib/sample-private/libuncalled.so.1",
    ];

    // Same name, version and release: each format's manager takes the one for the other only when it is told to.
    [Test]
    public void Package_with_stand_ins_is_proven_over_the_one_without_and_back()
    {
        using var kept = new Kept(checkout);
        var (arch, fedora, files) = (Record("arch"), Record("fedora"), Rpm("--list"));
        try
        {
            Succeeds("--target=Packages", "--standins=sample");
            var gone = files.Except(Rpm("--list"));

            Assert.Multiple(() =>
            {
                Assert.That((Record("arch").File, Record("fedora").File), Is.EqualTo((arch.File, fedora.File)), "the same version");
                Assert.That(Record("arch").Sha256, Is.Not.EqualTo(arch.Sha256));
                Assert.That(gone, Is.EqualTo(new[] { Changed[0].Replace("{name}", checkout.Recipe + "-debian") }));
                Assert.That(
                    Rpm("--queryformat=%{DESCRIPTION}"),
                    Does.Contain("In place of libuncalled.so.1 is a stand-in whose functions only say so.")
                );
            });
            Assert.Multiple(() =>
            {
                var proven = Record("arch").Proven;
                Assert.That(proven, Has.One.Match(@"^pacman -Qkk, the other one of this version over it: [1-9]\d+ files, 0 altered$"));
                Assert.That(proven, Has.One.Match(@"^pacman -Qkk, and back: [1-9]\d+ files, 0 altered$"));
                Assert.That(
                    proven,
                    Has.One.Match(
                        "^another package of this version over it and back: 2 paths differ, none left and none lost; "
                            + @"1 edited configs kept, 0 new defaults beside them as \.pacnew$"
                    )
                );
            });
            Assert.Multiple(() =>
            {
                var proven = Record("fedora").Proven;
                foreach (var how in new[] { "rpm --reinstall", "dnf reinstall" })
                {
                    Assert.That(
                        proven,
                        Has.One.Match($"^rpm -V after {how} of another package of this version: nothing altered but /etc/sample.env$")
                    );
                    Assert.That(proven, Has.One.Match($"^rpm -V after {how} back: nothing altered but /etc/sample.env$"));
                    Assert.That(
                        proven,
                        Has.One.Match(
                            $"^{how} of another package of this version and back: 1 paths differ, none left and none lost; "
                                + "the edited /etc/sample.env stays, beside it nothing"
                        )
                    );
                    Assert.That(proven, Has.One.Match($"^rpm --erase after {how}: nothing left but /etc/sample.env.rpmsave$"));
                }
            });
        }
        finally
        {
            Succeeds("--target=MinimalImage");
        }
    }

    private void KnowStandIn()
    {
        const string Rule =
            "  sample: {library: libuncalled.so.*, why: the program calls it when it is told to, next: tell it nothing, "
            + "for: [sample], source: the test, read: 2026-11-29}\n";
        File.AppendAllText(Path.Combine(checkout.Root, "recipes", "_shared", "standins.yml"), Rule);
    }
}
