using System.Diagnostics;
using Cake.Git;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Shims;

/// <summary>What Cake.Git 5.0.1 refuses, so that no caller relies on git's being more patient.</summary>
[TestFixture]
internal sealed class GitAliasesTests
{
    private Fixture _fixture = null!;

    [SetUp]
    public void SetUp()
    {
        _fixture = new Fixture { RealProcesses = true };
        _fixture.Environment.Variables["PATH"] = Environment.GetEnvironmentVariable("PATH")!;
        using var git = Process.Start("git", ["init", "--quiet", _fixture.Root.FullPath])!;
        git.WaitForExit();
    }

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void Repository_without_commits_has_no_tip() => Assert.That(() => _fixture.Context().GitLogTip(_fixture.Root), Throws.Exception);

    [Test]
    public void Folder_inside_of_a_repository_is_none()
    {
        var folder = _fixture.Root.Combine("folder");
        Directory.CreateDirectory(folder.FullPath);

        Assert.That(() => _fixture.Context().GitHasUncommitedChanges(folder), Throws.Exception);
        Assert.That(() => _fixture.Context().GitHasUncommitedChanges(_fixture.Root), Throws.Nothing);
    }
}
