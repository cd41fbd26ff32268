using Cake.Core;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks.Ci;

[TestFixture]
[NonParallelizable]
internal sealed class ReleaseRefusalTests
{
    private ReleasableSample sample = null!;

    private GitHubServer GitHub => sample.GitHub;

    [SetUp]
    public void SetUp() => sample = new ReleasableSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void Image_that_is_not_verified_is_not_released()
    {
        sample.Sample.Write(60, verified: false);

        Refused("minimal.json says that the image is not verified");
    }

    [Test]
    public void Failed_verification_is_not_released()
    {
        sample.Verify(passed: false);

        Refused("verify.json does not say that this minimal image passed");
    }

    [Test]
    public void Verification_of_another_image_does_not_count()
    {
        sample.Verify(passed: true, "earlier-id");

        Refused("verify.json does not say that this minimal image passed");
    }

    [Test]
    public void Export_of_another_image_is_not_released()
    {
        sample.Export(ReleasableSample.Bytes(9), "earlier-id");

        Refused("artifacts/images/sample-debian-minimal.tar.zst is not of this build's minimal image");
    }

    [Test]
    public void Export_that_is_not_what_its_checksum_says_is_not_released()
    {
        File.AppendAllText(sample.ImageFile, "!");

        Assert.That(
            () => sample.Release(),
            Throws.TypeOf<CakeException>().With.Message.Contains("artifacts/images/sample-debian-minimal.tar.zst has the SHA-256")
        );
        Assert.That(GitHub.Requests, Is.Empty);
    }

    [Test]
    public void Sbom_of_another_image_is_not_released()
    {
        sample.Sbom("sha256:earlier");

        Refused("sbom.spdx.json is missing or not of this minimal image");
    }

    [Test]
    public void Everything_that_is_missing_is_named_at_once()
    {
        File.Delete(sample.ImageFile);
        File.Delete(Path.Combine(sample.Sample.Folder, "sizes.json"));
        File.Delete(Path.Combine(sample.Sample.Folder, "sbom.cdx.json"));

        Refused("artifacts/sample/debian/sizes.json is missing", "sample-debian-minimal.tar.zst is missing", "sbom.cdx.json is missing");
    }

    [Test]
    public void Build_of_changed_sources_is_not_released()
    {
        sample.Sample.Answer("git status", new ProcessAnswer(0, " M build.sh"));
        sample.Sample.Run<Gfxbake.Host.Tasks.Exports.CompareExports>();

        Refused($"sizes.json names the revision '{BuiltSample.Commit}-dirty', which is no commit");
    }

    [Test]
    public void Image_of_another_commit_than_the_sizes_is_not_released()
    {
        var other = new string('b', 40);
        sample.Sample.Answer("git rev-parse", new ProcessAnswer(0, other));
        sample.Sample.Answer("git log", new ProcessAnswer(0, other));
        sample.Sample.Run<Gfxbake.Host.Tasks.Exports.CompareExports>();

        Refused($"the minimal image was made of another commit than {other}");
    }

    [Test]
    public void Link_among_the_packages_is_not_followed()
    {
        File.WriteAllText(sample.Sample.Build.PathOf("secret"), "secret");
        File.CreateSymbolicLink(Path.Combine(sample.Sample.Folder, "packages", "x.rpm"), sample.Sample.Build.PathOf("secret"));

        sample.Release();

        Assert.That(GitHub.AssetsOf(ReleasableSample.Tag).Select(a => (string?)a["name"]), Has.None.EqualTo("x.rpm"));
    }

    [Test]
    public void Package_of_another_image_is_refused()
    {
        sample.Package([1, 2, 3], image: "older-id");

        Refused($"packages/{ReleasableSample.PackageName} was not made of this minimal image and tried");
    }

    [Test]
    public void Package_that_nobody_built_here_is_refused()
    {
        sample.Write("packages/other.rpm", [1]);

        Refused("packages/other.rpm was not made of this minimal image and tried");
    }

    [Test]
    public void Package_with_other_bytes_than_its_build_made_is_refused()
    {
        sample.Package([1, 2, 3], sha256: new string('0', 64));

        Assert.That(
            () => sample.Release(),
            Throws.TypeOf<CakeException>().With.Message.Contains("the record of its build does not say so")
        );
    }

    [Test]
    public void Files_that_would_get_one_name_are_refused()
    {
        sample.Write("packages/a~b.rpm", [1]);
        sample.Write("packages/a b.rpm", [2]);

        Refused("would both be called a.b.rpm on GitHub");
    }

    private void Refused(params string[] reasons)
    {
        var error = Assert.Throws<CakeException>(() => sample.Release())!;

        foreach (var reason in reasons)
            Assert.That(error.Message, Does.StartWith("sample debian is not released:\n").And.Contain(reason));
        Assert.That(GitHub.Requests, Is.Empty);
    }
}
