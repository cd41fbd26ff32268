using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>The whole route of an image of RPMs that has no apt-get, with the database that the real rpm writes.</summary>
[TestFixture("podman")]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class RpmImageTests(string engine)
{
    private const string Licence = "/usr/share/licenses/sample-tool/COPYING";

    private Checkout checkout = null!;
    private KeptFiles kept = null!;

    private FullRecord Full => RecordFile.TryRead<FullRecord>(checkout.Artifact("full.json"))!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine, fixture: "rpm-sample") { Variant = "rpm" };
        var outcome = checkout.Run("--target=MinimalImage", "--provision");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        kept = KeptFiles.Of(checkout);
    }

    [OneTimeTearDown]
    public void Delete() => checkout.Dispose();

    [Test]
    public void Packages_are_those_that_rpm_itself_lists()
    {
        Assert.That(
            Full.Packages.Select(p => $"{p.Name} {p.Version} {p.Architecture}"),
            Is.EqualTo(Listed("%{NAME} %{EVR} %{ARCH}\\n").Order(StringComparer.Ordinal))
        );
        Assert.That(Full.Packages.Select(p => p.Name), Is.EqualTo(new[] { "sample-data", "sample-tool" }));
        Assert.That(Full.Version, Is.EqualTo("1:2.0~rc1-3"));
    }

    [Test]
    public void Owners_are_those_that_rpm_itself_lists()
    {
        using var image = ImageFileSystem.Open(checkout.Artifact("full.tar"));
        var packages = ImagePackages.Read(image);
        var files = Listed("[%{=NAME} %{FILENAMES}\\n]")
            .Select(l => l.Split(' '))
            .Where(w => image.Find(w[1])!.Kind == EntryKind.File)
            .ToList();

        Assert.That(files, Has.Count.EqualTo(4));
        Assert.That(files.Select(w => packages.OwnerOf(w[1])), Is.EqualTo(files.Select(w => w[0])));
    }

    [TestCase("/usr/bin/sample-tool", "Traced")]
    [TestCase("/usr/share/sample/words", "Traced")]
    [TestCase(Licence, "LicenceOf")]
    public void Plan_keeps_a_path_with_its_reason(string path, string reason) => Assert.That(kept.ReasonsFor(path), Does.Contain(reason));

    [TestCase("/usr/share/sample/unused")]
    [TestCase("/usr/bin/rpm")]
    public void Plan_drops_what_nothing_needs(string path) => Assert.That(kept.ReasonsFor(path), Is.Empty);

    [Test]
    public void Minimal_image_is_verified_also_with_the_null_gpu_that_the_bases_compiler_made()
    {
        var verify = RecordFile.TryRead<VerifyRecord>(checkout.Artifact("verify.json"))!;

        Assert.That(verify.Passed, Is.True);
        Assert.That(verify.Workloads.Select(w => w.Name), Does.Contain("words").And.Contain("words-null"));
        Assert.That(Directory.EnumerateFiles(checkout.Build, "libnullgpu.so", SearchOption.AllDirectories), Is.Not.Empty);
    }

    [Test]
    public void Documents_name_the_rpms_that_remain()
    {
        var outcome = checkout.Run("--target=Sbom", "--target=Report", "--exclusive");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        using var document = JsonDocument.Parse(File.ReadAllText(checkout.Artifact("sbom.spdx.json")));
        var packages = document.RootElement.GetProperty("packages").EnumerateArray().Skip(1).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(
                packages.Select(p => p.GetProperty("externalRefs")[0].GetProperty("referenceLocator").GetString()),
                Is.EqualTo(
                    new[]
                    {
                        "pkg:rpm/sample/sample-data@2.0~rc1-3?arch=noarch&epoch=0",
                        "pkg:rpm/sample/sample-tool@2.0~rc1-3?arch=noarch&epoch=1",
                    }
                )
            );
            Assert.That(packages[0].GetProperty("licenseDeclared").GetString(), Is.EqualTo("BSD-3-Clause"));
            Assert.That(
                packages[1].GetProperty("licenseDeclared").GetString(),
                Does.Match(@"^MIT AND \(Apache-2\.0 OR LicenseRef-Public-Domain-[0-9a-f]{12}\)$")
            );
            Assert.That(packages[1].GetProperty("sourceInfo").GetString(), Is.EqualTo("built from the source package sample"));
            Assert.That(File.ReadAllText(checkout.Artifact("report.html")), Does.Contain("sample-tool"));
        });
    }

    [Test]
    public void Lock_for_apt_is_refused()
    {
        var outcome = checkout.Run("--target=FullImage", "--update-lock", "--exclusive");

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero);
            Assert.That(outcome.Output, Does.Contain("holds versions for apt").And.Contain("of type rpm").And.Contain("Next: "));
        });
    }

    [Test]
    public void Image_with_packages_of_both_kinds_is_refused()
    {
        const string stanza = @"'Package: d\nStatus: install ok installed\nVersion: 1\n'";
        using (checkout.EndDockerfileWith($"mkdir /var/lib/dpkg && printf {stanza} > /var/lib/dpkg/status"))
        {
            var outcome = checkout.Run("--target=FullImage", "--exclusive");

            Assert.That(outcome.Status, Is.Not.Zero);
            Assert.That(outcome.Output, Does.Contain("rpm has 2 packages in the image and dpkg 1"));
        }
    }

    /// <summary>Lines that rpm in the image says of its database.</summary>
    private string[] Listed(string format)
    {
        string[] query = ["--dbpath=/usr/lib/sysimage/rpm", "--query", "--all", "--queryformat=" + format];
        var outcome = checkout.Engine(["run", "--rm", "--network=none", "--user=0", "--entrypoint=rpm", checkout.Image("full"), .. query]);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
