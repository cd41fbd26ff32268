using System.Security.Cryptography;
using System.Text;
using Cake.Core;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks.Ci;

[TestFixture]
[NonParallelizable]
internal sealed class ReleaseTests
{
    private const string Api = "/api/v3/repos/" + GitHubServer.Repository,
        Uploads = "/api/uploads/repos/" + GitHubServer.Repository;

    private ReleasableSample sample = null!;

    private GitHubServer GitHub => sample.GitHub;

    [SetUp]
    public void SetUp() => sample = new ReleasableSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void Release_is_published_with_all_files_at_the_commit_of_the_build()
    {
        var drafts = new List<bool>();
        GitHub.OnRequest = what =>
            drafts.AddRange(what.StartsWith("POST " + Uploads, StringComparison.Ordinal) ? [(bool)GitHub.Releases[0]["draft"]!] : []);

        sample.Release();

        var release = GitHub.Releases.Single();
        Assert.Multiple(() =>
        {
            Assert.That((string?)release["tag_name"], Is.EqualTo(ReleasableSample.Tag));
            Assert.That((bool)release["draft"]!, Is.False);
            Assert.That((string?)release["target_commitish"], Is.EqualTo(BuiltSample.Commit));
            Assert.That(GitHub.AssetsOf(ReleasableSample.Tag).Select(a => (string?)a["name"]), Is.EquivalentTo(ReleasableSample.AllAssets));
            Assert.That(drafts, Has.Count.EqualTo(5).And.All.True);
            Assert.That(sample.Log, Has.Some.Contains("released: https://github.com/someone/images/releases/tag/sample-debian-1.2"));
        });
    }

    [Test]
    public void Assets_have_the_files_bytes_and_the_checksums_of_all_but_themselves()
    {
        sample.Release();

        var image = GitHub.AssetsOf(ReleasableSample.Tag).Single(a => (string?)a["name"] == ReleasableSample.Image);
        var hash = Convert.ToHexStringLower(SHA256.HashData(ReleasableSample.Bytes(2500)));
        var sums = File.ReadAllText(Path.Combine(sample.Sample.Folder, "release", "SHA256SUMS"));
        Assert.That((string?)image["digest"], Is.EqualTo("sha256:" + hash));
        Assert.That(sums, Does.Contain($"{hash}  {ReleasableSample.Image}\n"));
        Assert.That(
            sums.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split("  ")[1]),
            Is.EqualTo(ReleasableSample.AllAssets.Skip(1).Order(StringComparer.Ordinal))
        );
    }

    [Test]
    public void Notes_tell_sizes_what_was_verified_and_how_to_check_the_download()
    {
        sample.Release();

        Assert.That(
            (string?)GitHub.Releases[0]["body"],
            Does.StartWith("<!-- gfxbake release: sample debian -->\n")
                .And.Contain("| sum of the files | ")
                .And.Contain("2 checks, 1 of them on a still GPU")
                .And.Contain("sha256sum --check --ignore-missing SHA256SUMS")
                .And.Contain(BuiltSample.Commit)
                .And.Contain("| `sample-debian-minimal.tar.zst` | ")
        );
    }

    [Test]
    public void File_over_the_limit_is_split_and_joins_to_what_it_was()
    {
        sample.LimitAssets(1000);

        sample.Release();

        var parts = GitHub
            .AssetsOf(ReleasableSample.Tag)
            .Where(a => ((string)a["name"]!).StartsWith(ReleasableSample.Image, StringComparison.Ordinal))
            .ToList();
        var whole = ReleasableSample.Bytes(2500);
        var sums = File.ReadAllText(Path.Combine(sample.Sample.Folder, "release", "SHA256SUMS"));
        Assert.Multiple(() =>
        {
            Assert.That(
                parts.Select(p => ((string)p["name"]!, (int)p["size"]!)),
                Is.EqualTo(
                    new[]
                    {
                        (ReleasableSample.Image + ".part-1-of-3", 1000),
                        (ReleasableSample.Image + ".part-2-of-3", 1000),
                        (ReleasableSample.Image + ".part-3-of-3", 500),
                    }
                )
            );
            Assert.That((string?)parts[1]["digest"], Is.EqualTo("sha256:" + Convert.ToHexStringLower(SHA256.HashData(whole[1000..2000]))));
            Assert.That(sums, Does.Contain($"{Convert.ToHexStringLower(SHA256.HashData(whole))}  {ReleasableSample.Image}\n"));
            Assert.That(
                (string?)GitHub.Releases[0]["body"],
                Does.Contain("cat sample-debian-minimal.tar.zst.part-*-of-3 > sample-debian-minimal.tar.zst\n")
            );
        });
    }

    [Test]
    public void Interrupted_release_goes_on_with_what_is_missing()
    {
        var uploads = 0;
        GitHub.OnRequest = what =>
        {
            if (what.StartsWith("POST " + Uploads, StringComparison.Ordinal) && ++uploads == 3)
                GitHub.Faults.Add(new GitHubFault("POST " + Uploads, 1, 403, """{"message":"Resource not accessible by integration"}"""));
        };

        Assert.That(() => sample.Release(), Throws.TypeOf<CakeException>().With.Message.Contains("Resource not accessible by integration"));
        Assert.That((bool)GitHub.Releases.Single()["draft"]!, Is.True);
        Assert.That(GitHub.AssetsOf(ReleasableSample.Tag), Has.Count.EqualTo(2));
        GitHub.Requests.Clear();

        sample.Release();

        Assert.That(GitHub.Requests.Count(r => r.StartsWith("POST " + Uploads, StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(GitHub.Requests, Has.None.EqualTo($"POST {Api}/releases"));
        Assert.That((bool)GitHub.Releases.Single()["draft"]!, Is.False);
        Assert.That(sample.Log, Has.Some.Contains($"{ReleasableSample.Image}: there already"));
    }

    [TestCase("starter", 2500, "its upload broke (state 'starter')")]
    [TestCase("uploaded", 2499, "it has 2499 bytes, not 2500")]
    [TestCase("uploaded", -2500, "its digest is sha256:")]
    public void Asset_that_is_not_right_is_replaced(string state, int size, string why)
    {
        var draft = GitHub.AddRelease(ReleasableSample.Tag, draft: true, "<!-- gfxbake release: sample debian -->\nold");
        GitHub.AddAsset(draft, ReleasableSample.Image, new byte[Math.Abs(size)], state);

        sample.Release();

        Assert.That(
            GitHub.AssetsOf(ReleasableSample.Tag).Single(a => (string?)a["name"] == ReleasableSample.Image)["digest"]!.ToString(),
            Is.EqualTo("sha256:" + Convert.ToHexStringLower(SHA256.HashData(ReleasableSample.Bytes(2500))))
        );
        Assert.That(sample.Log, Has.Some.Contains($"{ReleasableSample.Image}: deleted on GitHub, because {why}"));
        Assert.That((string?)GitHub.Releases[0]["body"], Does.Not.Contain("old"));
    }

    [Test]
    public void Upload_that_breaks_is_made_again_in_place_of_what_it_left()
    {
        var first = true;
        GitHub.OnRequest = what =>
        {
            if (!what.StartsWith("POST " + Uploads, StringComparison.Ordinal) || !first)
                return;
            first = false;
            GitHub.AddAsset(GitHub.Releases[0], ReleasableSample.Image, [], "starter");
            GitHub.Faults.Add(new GitHubFault("POST " + Uploads, 1, 0, ""));
        };

        sample.Release();

        Assert.That(
            GitHub.AssetsOf(ReleasableSample.Tag).Select(a => ((string)a["name"]!, (string)a["state"]!)),
            Is.EquivalentTo(ReleasableSample.AllAssets.Select(n => (n, "uploaded")))
        );
    }

    [Test]
    public void Asset_of_the_same_name_that_appears_meanwhile_is_settled()
    {
        var first = true;
        GitHub.OnRequest = what =>
        {
            if (what.StartsWith("POST " + Uploads, StringComparison.Ordinal) && first)
                GitHub.AddAsset(GitHub.Releases[0], ReleasableSample.Image, Encoding.ASCII.GetBytes("another's"));
            first &= !what.StartsWith("POST " + Uploads, StringComparison.Ordinal);
        };

        sample.Release();

        Assert.That(
            (int)GitHub.AssetsOf(ReleasableSample.Tag).Single(a => (string?)a["name"] == ReleasableSample.Image)["size"]!,
            Is.EqualTo(2500)
        );
        Assert.That((bool)GitHub.Releases[0]["draft"]!, Is.False);
    }

    [Test]
    public void Draft_and_assets_are_found_on_later_pages()
    {
        GitHub.LargestPage = 2;
        var draft = GitHub.AddRelease(ReleasableSample.Tag, draft: true, "<!-- gfxbake release: sample debian -->");
        foreach (var name in new[] { "old-1", "old-2", "old-3" })
            GitHub.AddAsset(draft, name, [1]);
        GitHub.AddAsset(draft, ReleasableSample.Image, ReleasableSample.Bytes(2500));
        foreach (var other in new[] { "a", "b", "c", "d" })
            GitHub.AddRelease(other);

        sample.Release();

        Assert.That(GitHub.Releases, Has.Count.EqualTo(5));
        Assert.That(GitHub.AssetsOf(ReleasableSample.Tag).Select(a => (string?)a["name"]), Is.EquivalentTo(ReleasableSample.AllAssets));
        Assert.That(sample.Log, Has.Some.Contains($"{ReleasableSample.Image}: there already"));
    }

    [Test]
    public void Second_run_finds_everything_published_and_changes_nothing()
    {
        sample.Release();
        GitHub.Requests.Clear();

        sample.Release();

        Assert.That(GitHub.Requests, Has.All.StartsWith("GET "));
        Assert.That(sample.Log, Has.Some.Contains("is published already, with these very files"));
    }

    [Test]
    public void Published_release_of_other_files_is_left_alone()
    {
        sample.Release();
        sample.Export(ReleasableSample.Bytes(2600));
        GitHub.Requests.Clear();

        Assert.That(
            () => sample.Release(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains("A published release is not changed")
                .And.Message.Contains($"{ReleasableSample.Image}: it has 2500 bytes, not 2600")
        );
        Assert.That(GitHub.Requests, Has.All.StartsWith("GET "));
    }

    [Test]
    public void Draft_that_somebody_else_made_is_left_alone()
    {
        GitHub.AddRelease(ReleasableSample.Tag, draft: true, "my notes");

        Assert.That(
            () => sample.Release(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "someone/images has 1 drafts for sample-debian-1.2, 0 of them made by gfxbake; delete them, or choose another --tag="
                )
        );
    }

    [Test]
    public void Tag_that_names_another_commit_is_refused()
    {
        GitHub.Tags[ReleasableSample.Tag] = new string('b', 40);

        Assert.That(
            () => sample.Release(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains($"names {new string('b', 40)}, and this build was made of {BuiltSample.Commit}")
        );
        Assert.That(GitHub.Releases, Is.Empty);
    }

    [Test]
    public void Dry_run_says_what_it_would_do_without_a_token_or_a_request()
    {
        sample.Variables.Remove("GITHUB_TOKEN");

        sample.Release(("print-only", ""));

        Assert.That(GitHub.Requests, Is.Empty);
        Assert.That(Directory.Exists(Path.Combine(sample.Sample.Folder, "release")), Is.False);
        Assert.That(
            sample.Sample.Screen,
            Does.Contain("someone/images sample-debian-1.2, at commit " + BuiltSample.Commit[..12])
                .And.Contain("2,500  sample-debian-minimal.tar.zst\n")
                .And.Contain("\nsha256sum --check --ignore-missing SHA256SUMS\n")
                .And.Contain("nothing was sent (--dryrun)")
        );
    }
}
