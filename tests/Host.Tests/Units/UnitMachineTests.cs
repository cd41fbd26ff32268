using System.Text;
using System.Text.Json;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Pipeline.Units;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Units;

/// <summary>
/// Every file that Units writes, read by the program that it is for and started for real, on the CPU, with values that only right quoting
/// brings through. Needs podman, and what ./build.sh --target=Packages --variant=vulkan makes:
/// ./build.sh --target=Test --exclusive --filter='TestCategory=Nightly&amp;FullyQualifiedName~UnitMachine'
/// </summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[Category(Needs.Night)]
[NonParallelizable]
internal sealed class UnitMachineTests
{
    private const string Quadlets = "/etc/containers/systemd/";
    private const string First = "llama-cpp-gfx1151-tiny-f16";
    private const string Second = "llama-cpp-gfx1151-tiny-q8_0";

    // Every machine has it, and it is none that a container has anyway under this name.
    private const string Device = "/dev/net/tun";

    private MachineContainer machine = null!;

    [OneTimeSetUp]
    public void Start()
    {
        machine = new MachineContainer();
        machine.Sh($"mkdir -p /dev/net && mknod {Device} c 10 200 && chmod 666 {Device}");
    }

    [OneTimeTearDown]
    public void Stop() => machine.Dispose();

    [Test]
    public void Quadlet_becomes_a_service_that_serves()
    {
        foreach (var file in Files("quadlet"))
            Put(file, Quadlets);
        machine.Sh("systemctl daemon-reload");

        Assert.That(machine.Sh("/usr/libexec/podman/quadlet -dryrun 2>&1"), Does.Not.Contain("unsupported").And.Not.Contain("error"));
        Assert.That(machine.Sh("ls /run/systemd/generator"), Does.Contain(First + ".service").And.Contain(Second + ".service"));
        Assert.That(machine.Sh($"systemd-analyze verify /run/systemd/generator/{First}.service 2>&1"), Is.Empty);

        machine.Sh($"systemctl start {First} {Second}");
        try
        {
            Assert.That(machine.Get("127.0.0.1:8080/v1/models"), Does.Contain("\"tiny-f16\""));
            Assert.That(
                machine.Get("127.0.0.1:8081/completion", """{"prompt":"a","n_predict":2}"""),
                Does.Contain("\"tokens_predicted\":2")
            );
            AssertMeant(First);
            Assert.That(machine.Sh($"podman exec {First} busybox ls {Device}").Trim(), Is.EqualTo(Device));
            machine.Sh($"podman healthcheck run {First}");
            Assert.That(
                machine.Sh($"systemctl show {First} -p TimeoutStartUSec -p StartLimitBurst -p StartLimitIntervalUSec"),
                Does.Contain("TimeoutStartUSec=15min").And.Contain("StartLimitBurst=5").And.Contain("StartLimitIntervalUSec=15min")
            );
        }
        finally
        {
            machine.Sh($"systemctl stop {First} {Second}; rm {Quadlets}*.container; systemctl daemon-reload");
        }

        Assert.That(machine.Sh("podman ps --all --quiet"), Is.Empty);
    }

    // The generator only logs it: no service appears, and nothing fails.
    [Test]
    public void Broken_quadlet_has_no_service()
    {
        var broken = Files("quadlet")[0];
        Put(broken with { Name = "broken.container", Text = broken.Text.Replace("PublishPort=", "PublishPrt=") }, Quadlets);
        try
        {
            machine.Sh("systemctl daemon-reload");

            Assert.That(machine.Try("systemctl cat broken.service").Status, Is.Not.Zero);
            Assert.That(machine.Try("/usr/libexec/podman/quadlet -dryrun").Output, Does.Contain("unsupported key 'PublishPrt'"));
        }
        finally
        {
            machine.Sh($"rm {Quadlets}broken.container; systemctl daemon-reload");
        }
    }

    // Why ours have no dash: the generator looks once, at boot before any driver is there, and leaves the device out without a word.
    [Test]
    public void Device_with_a_dash_is_lost_when_it_comes_after_the_generator()
    {
        var file = Files("quadlet")[0];
        Put(file with { Text = file.Text.Replace("AddDevice=" + Device, "AddDevice=-/dev/late") }, Quadlets);
        machine.Sh("systemctl daemon-reload; mknod /dev/late c 1 3");
        try
        {
            Assert.That(machine.Sh($"systemctl cat {First}"), Does.Contain("AddDevice=-/dev/late").And.Not.Contain("--device"));

            machine.Sh("systemctl daemon-reload");
            Assert.That(machine.Sh($"systemctl cat {First}"), Does.Contain("--device /dev/late"));
        }
        finally
        {
            machine.Sh($"rm /dev/late {Quadlets}{file.Name}; systemctl daemon-reload");
        }
    }

    [Test]
    public void Compose_starts_the_model_that_is_named()
    {
        Put(Files("compose")[0], "/root/compose/");
        machine.Sh("systemctl start podman.socket");
        const string Compose = "cd /root/compose && DOCKER_HOST=unix:///run/podman/podman.sock docker-compose --profile '*'";
        machine.Sh($"{Compose} config --quiet");
        machine.Sh($"{Compose} up --detach tiny-q8_0");
        try
        {
            Assert.That(machine.Get("127.0.0.1:8081/v1/models"), Does.Contain("\"tiny-q8_0\""));
            AssertMeant(Second);
            Assert.That(
                machine.Sh($"podman inspect {Second} --format '{{{{.HostConfig.Privileged}}}} {{{{.HostConfig.SecurityOpt}}}}'").Trim(),
                Is.EqualTo("false [no-new-privileges]")
            );
            Assert.That(machine.Sh("podman ps --quiet").Trim().Split('\n'), Has.Length.EqualTo(1), "the other profile runs too");
        }
        finally
        {
            machine.Sh($"{Compose} down");
        }
    }

    [Test]
    public void Llama_swap_s_command_is_one_that_a_shell_can_run()
    {
        var text = Files("llama-swap")[0].Text;
        var command = JsonSerializer.Deserialize<string>(text.Split('\n').First(l => l.Contains("cmd: ")).Split("cmd: ", 2)[1])!;
        Put(new UnitFile("", "swap.sh", "exec " + command + "\n", ""), "/root/");
        machine.Sh("systemd-run --unit swap sh /root/swap.sh");
        try
        {
            Assert.That(machine.Get("127.0.0.1:8080/v1/models"), Does.Contain("\"tiny-f16\""));
            AssertMeant(First);
        }
        finally
        {
            machine.Sh($"podman stop --time 5 {First}");
        }
    }

    [Test]
    public void Cdi_device_is_in_the_container()
    {
        Put(Files("cdi")[0], "/etc/cdi/");
        const string Run = "podman run --rm --cap-drop all --entrypoint busybox";

        Assert.That(machine.Sh($"{Run} --device gfxbake/gpu=all {SampleUnits.Image} ls {Device}").Trim(), Is.EqualTo(Device));
        Assert.That(machine.Try($"{Run} {SampleUnits.Image} ls {Device}").Status, Is.Not.Zero);
        Assert.That(
            machine.Try($"{Run} --device gfxbake/gpu=none {SampleUnits.Image} true").Output,
            Does.Contain("unresolvable CDI devices")
        );
    }

    [Test]
    public void Distrobox_makes_of_its_file_the_command_that_was_meant()
    {
        Put(Files("distrobox")[0], "/root/");

        Assert.That(
            machine.Sh("HOME=/root USER=root distrobox assemble create --dry-run --file /root/distrobox.ini 2>&1"),
            Does.Contain("localhost/llama-cpp-gfx1151:vulkan-full").And.Contain("/srv/models:/srv/models:ro")
        );
    }

    // The package is Arch's; what is in it runs on any distribution.
    [Test]
    public void Service_of_the_package_serves_a_model_in_a_home_folder()
    {
        var packages = MachineContainer.Artifact("packages");
        var package = Directory.Exists(packages) ? Directory.EnumerateFiles(packages, "*.pkg.tar.zst").FirstOrDefault() : null;
        Assert.That(package, Is.Not.Null, "no package; run ./build.sh --target=Packages --variant=vulkan");
        machine.Put("package.tar.zst", File.ReadAllBytes(package), "/root/");
        machine.Sh(
            "tar --extract --zstd --keep-directory-symlink --file /root/package.tar.zst --directory / --exclude '.*'"
                + " && groupadd --force --system render && systemd-sysusers"
        );
        machine.Sh("mkdir -p /home/somebody/models && chmod 700 /home/somebody && cp /srv/models/*.gguf /home/somebody/models/");
        var file = Files("systemd", "/home/somebody/models")[0];
        Put(file, "/etc/systemd/system/");
        // The container's root may raise no limit, which a machine's may.
        Put(new UnitFile("", "limits.conf", "[Service]\nLimitMEMLOCK=64K\n", ""), $"/etc/systemd/system/{file.Name}.d/");

        Assert.That(machine.Sh($"systemd-analyze verify /etc/systemd/system/{file.Name} 2>&1"), Is.Empty);
        machine.Sh($"systemctl daemon-reload; systemctl start {First} || {{ journalctl -u {First} --no-pager -n 30; exit 1; }}");
        try
        {
            Assert.That(machine.Get("127.0.0.1:8080/v1/models"), Does.Contain("\"tiny-f16\""));
            var words = machine.Sh($"tr '\\0' '\\n' < /proc/$(systemctl show --value -p MainPID {First})/cmdline");
            Assert.That(words.Split('\n'), Does.Contain(SampleUnits.Hostile));
        }
        finally
        {
            machine.Sh(
                $"systemctl stop {First}; rm -r /etc/systemd/system/{file.Name}.d /etc/systemd/system/{file.Name}; systemctl daemon-reload"
            );
        }
    }

    /// <summary>The words and variables of a container, byte for byte.</summary>
    private void AssertMeant(string container)
    {
        using var command = JsonDocument.Parse(machine.Sh($"podman inspect {container} --format '{{{{json .Config.Cmd}}}}'"));
        using var environment = JsonDocument.Parse(machine.Sh($"podman inspect {container} --format '{{{{json .Config.Env}}}}'"));
        Assert.That(command.RootElement.EnumerateArray().Select(w => w.GetString()), Does.Contain(SampleUnits.Hostile));
        Assert.That(
            environment.RootElement.EnumerateArray().Select(w => w.GetString()),
            Does.Contain("GFXBAKE_TEST=" + SampleUnits.Hostile)
        );
    }

    private void Put(UnitFile file, string target) => machine.Put(file.Name, Encoding.UTF8.GetBytes(file.Text), target);

    private static IReadOnlyList<UnitFile> Files(string format, string folder = "/srv/models") =>
        new UnitFiles(
            Path.Combine(Checkout.RepositoryRoot, "docker", "units"),
            RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Units
        ).Fill([format], SampleUnits.Set(folder: folder, devices: [Device]), asRoot: true);
}
