using Cake.Core;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class ProvisionerTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp() => build = new SampleBuild();

    [TearDown]
    public void TearDown() => build.Dispose();

    [TestCase(
        "apt-get",
        "podman",
        "apt-get install --yes --no-install-recommends podman netavark aardvark-dns iptables crun runc catatonit"
    )]
    [TestCase("apt-get", "mmdebstrap", "apt-get install --yes --no-install-recommends mmdebstrap debian-archive-keyring")]
    [TestCase(
        "apt-get",
        Provisioner.TestTools,
        "apt-get install --yes --no-install-recommends g++ binutils libzstd-dev lld llvm cmake ninja-build chromium python3"
    )]
    [TestCase("apt-get", NpmPackages.Node, "apt-get install --yes --no-install-recommends nodejs npm")]
    [TestCase("apt-get", Provisioner.Rootless, "apt-get install --yes --no-install-recommends uidmap slirp4netns")]
    [TestCase("dnf", "podman", "dnf install --assumeyes podman runc")]
    [TestCase("dnf", "mmdebstrap", "dnf install --assumeyes mmdebstrap debian-keyring")]
    [TestCase("pacman", "podman", "pacman --sync --refresh --noconfirm --needed podman netavark aardvark-dns iptables crun runc catatonit")]
    [TestCase("pacman", "mmdebstrap", "with your distribution's package manager (mmdebstrap)")]
    [TestCase("zypper", "podman", "with your distribution's package manager (podman)")]
    public void Command_is_that_of_the_hosts_package_manager(string manager, string tool, string expected)
    {
        build.Fixture.AddTool(manager);

        Assert.That(new Provisioner(build.Open()).CommandFor(tool), Is.EqualTo(expected));
    }

    [Test]
    public void Install_updates_the_lists_first_and_asks_no_question()
    {
        build.Fixture.AddTool("apt-get");

        new Provisioner(build.Open()).Install("mmdebstrap");

        Assert.Multiple(() =>
        {
            Assert.That(
                build.Processes.CommandLines,
                Is.EqualTo(new[] { "apt-get update", "apt-get install --yes --no-install-recommends mmdebstrap debian-archive-keyring" })
            );
            Assert.That(build.Processes.Calls[1].Settings.EnvironmentVariables["DEBIAN_FRONTEND"], Is.EqualTo("noninteractive"));
        });
    }

    [Test]
    public void Install_for_one_who_is_not_root_is_an_error_with_the_command_and_starts_nothing()
    {
        build.Fixture.AddTool("apt-get");
        build.IsRoot = false;

        Assert.That(
            () => new Provisioner(build.Open()).Install("mmdebstrap"),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EndsWith("\nNext: sudo apt-get install --yes --no-install-recommends mmdebstrap debian-archive-keyring")
        );
        Assert.That(build.Processes.Calls, Is.Empty);
    }

    [Test]
    public void Failed_install_is_an_error_with_the_managers_last_words()
    {
        build.Fixture.AddTool("dnf");
        build.Processes.Answer = _ => new ProcessAnswer(7) { Error = ["no route to host"] };

        Assert.That(
            () => new Provisioner(build.Open()).Install("podman"),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith("dnf install --assumeyes podman runc: exit status 7\nno route to host\nNext:")
        );
    }

    [TestCase(null, "mmdebstrap is missing and none of apt-get, dnf, pacman is here to install it; install mmdebstrap yourself")]
    [TestCase("pacman", "pacman has no package for mmdebstrap; install mmdebstrap yourself")]
    public void Install_without_a_package_is_an_error_that_says_what_to_do(string? manager, string message)
    {
        if (manager is not null)
            build.Fixture.AddTool(manager);

        Assert.That(
            () => new Provisioner(build.Open()).Install("mmdebstrap"),
            Throws.TypeOf<CakeException>().With.Message.EqualTo(message)
        );
    }
}
