using System.Security.Cryptography;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks.Ci;

[TestFixture]
[NonParallelizable]
internal sealed class CheckUpstreamTests
{
    private UpstreamSample sample = null!;

    [SetUp]
    public void SetUp() => sample = new UpstreamSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void Pins_are_compared_with_releases_and_listings()
    {
        sample.Check();

        Assert.That(
            sample.Screen,
            Is.EqualTo(
                """
                recipes/sample/recipe.yml
                  variant   pin               pinned               newest               state
                  debian    source            v0.7.0               v0.8.0               newer
                  debian    archive           7.14.0               7.14.1               newer
                  debian    archive           7.14.0               7.15.0a20261120      seen
                  debian    args.ROCM         7.2                  7.2.1                newer
                  debian    args.HSA          7.2.4+dfsg-1~exp1    7.2.4+dfsg-1         newer

                """
            )
        );
        Assert.That(sample.Screen.Split('\n').Max(l => l.Length), Is.LessThanOrEqualTo(80));
        Assert.That(sample.Asked, Has.None.EndsWith(".tar.gz"));
    }

    [Test]
    public void Update_changes_the_values_and_nothing_else()
    {
        var before = sample.Read();

        sample.Check(("update", ""));

        Assert.That(
            sample.Read(),
            Is.EqualTo(
                before
                    .Replace("tag: v0.7.0", "tag: v0.8.0")
                    .Replace(UpstreamSample.Old, UpstreamSample.New)
                    .Replace("7.14.0.tar.gz' #", "7.14.1.tar.gz' #")
                    .Replace(UpstreamSample.Digest, Convert.ToHexStringLower(SHA256.HashData(UpstreamSample.Tarball)))
                    .Replace("ROCM: \"7.2\"", "ROCM: \"7.2.1\"")
                    .Replace("7.2.4+dfsg-1~exp1", "7.2.4+dfsg-1")
            )
        );
        Assert.That(
            sample.Screen,
            Does.Contain(
                    "recipes/sample/recipe.yml:19: tag\n  - v0.7.0\n  + v0.8.0\nrecipes/sample/recipe.yml:20: commit\n  - "
                        + UpstreamSample.Old
                        + "\n  + "
                        + UpstreamSample.New
                        + "\n"
                )
                .And.Contain("6 values changed; read them with git diff")
        );
    }

    [Test]
    public void Pin_that_variants_share_is_changed_and_told_once()
    {
        var file = sample.Sample.Build.PathOf(UpstreamSample.Recipe);
        File.WriteAllText(
            file,
            sample
                .Read()
                .Replace("    source:\n", "    source: &code\n")
                .Replace(
                    "\nimage:",
                    """

                      other:
                        summary: the same program
                        base:
                          bootstrap: {suite: sid, source_date_epoch: 1}
                        code_target: gfx1151
                        dockerfile: docker/full.Dockerfile
                        source: *code
                        upstream:
                          - {pin: source, match: 'v(?<version>\d+\.\d+\.\d+)'}
                    image:
                    """.TrimEnd()
                )
        );

        sample.Check(("update", ""));

        Assert.That(
            sample.Screen,
            Does.Contain("  other     source            v0.7.0               v0.8.0               newer\n").And.Contain("6 values changed;")
        );
        Assert.That(sample.Screen.Split("  + v0.8.0\n"), Has.Length.EqualTo(2));
        Assert.That(sample.Read(), Does.Contain("source: *code").And.Contain("tag: v0.8.0"));
    }

    [Test]
    public void Second_update_finds_nothing()
    {
        sample.Check(("update", ""));
        var after = sample.Read();

        sample.Check(("update", ""));

        Assert.That(sample.Read(), Is.EqualTo(after));
        Assert.That(sample.Screen, Does.EndWith("nothing to update\n"));
    }

    [Test]
    public void Dry_run_prints_the_changes_and_reads_no_archive()
    {
        var before = sample.Read();

        sample.Check(("update", ""), ("print-only", ""));

        Assert.That(sample.Read(), Is.EqualTo(before));
        Assert.That(
            sample.Screen,
            Does.Contain("  + v0.8.0\n")
                .And.Contain("  + (of the archive, read then)\n")
                .And.Contain("6 values would be changed (--dryrun)")
        );
        Assert.That(sample.Asked, Has.None.EndsWith(".tar.gz"));
    }

    [Test]
    public void Checksum_file_beside_the_archive_saves_reading_it()
    {
        sample.Pages["/tarball/"] += "dist-gfx1151-7.14.1.tar.gz.sha256sum";
        sample.Pages["/tarball/dist-gfx1151-7.14.1.tar.gz.sha256sum"] = $"{new string('c', 64)}  dist-gfx1151-7.14.1.tar.gz\n";

        sample.Check(("update", ""));

        Assert.That(sample.Read(), Does.Contain("sha256: " + new string('c', 64) + "\n"));
        Assert.That(sample.Asked, Has.None.EndsWith(".tar.gz"));
    }

    [Test]
    public void Release_is_found_many_pages_back()
    {
        for (var i = 0; i < 250; i++)
            sample.GitHub.AddRelease($"b{9100 + i}");

        sample.Check();

        Assert.That(sample.Screen, Does.Contain("v0.8.0               newer"));
        Assert.That(sample.GitHub.Requests.Count(r => r == $"GET {UpstreamSample.Api}/releases"), Is.EqualTo(3));
    }
}
