using System.ComponentModel;
using Cake.Core;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class EngineFinderTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp() => build = new SampleBuild();

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Docker_that_runs_a_container_and_builds_is_chosen()
    {
        Clients("docker", "podman");

        Assert.Multiple(() =>
        {
            Assert.That(build.Open().Engine.Path, Is.EqualTo(build.PathOf("bin/docker")));
            Assert.That(
                build.Processes.CommandLines.Select(c => string.Join(' ', c.Split(' ').Take(2))),
                Is.EqualTo(new[] { "docker --version", "docker import", "docker run", "docker build" })
            );
        });
    }

    [TestCase("run ")]
    [TestCase("import ")]
    [TestCase("build ")]
    [TestCase("--version")]
    public void Podman_is_chosen_where_docker_fails_at_any_step(string step)
    {
        Clients("docker", "podman");
        Fail(call => IsOf(call, "docker") && call.Arguments.StartsWith(step, StringComparison.Ordinal));

        Assert.That(build.Open().Engine.Kind, Is.EqualTo(EngineKind.Podman));
    }

    [Test]
    public void Podman_that_fails_with_its_defaults_is_tried_with_settings_of_ours()
    {
        Clients("podman");
        Fail(call => !call.Settings.EnvironmentVariables.ContainsKey("CONTAINERS_CONF"));

        var conf = build.Open().Engine.Environment["CONTAINERS_CONF"];
        Assert.Multiple(() =>
        {
            Assert.That(conf, Is.EqualTo(build.PathOf("artifacts/containers.conf")));
            Assert.That(conf, Does.Exist);
        });
    }

    [Test]
    public void Podman_that_works_keeps_its_defaults()
    {
        Clients("podman");

        Assert.That(
            build.Open().Engine.Environment,
            Is.EqualTo(new Dictionary<string, string> { ["BUILDAH_FORMAT"] = "docker", ["TMPDIR"] = build.PathOf("artifacts/tmp") })
        );
    }

    // A checkout that was moved would go on writing to its old place.
    [Test]
    public void Temporary_folder_is_the_checkouts_own_in_every_try_and_is_not_remembered()
    {
        Clients("docker", "podman");
        Fail(call => IsOf(call, "docker"));
        _ = build.Open().Engine;

        Assert.That(
            build.Processes.Calls.Select(c => c.Settings.EnvironmentVariables["TMPDIR"]),
            Is.All.EqualTo(build.PathOf("artifacts/tmp"))
        );
        Assert.That(File.ReadAllText(build.PathOf("artifacts/engine.json")), Does.Not.Contain("TMPDIR"));
        Assert.That(build.Open().Engine.Environment["TMPDIR"], Is.EqualTo(build.PathOf("artifacts/tmp")));
    }

    [Test]
    public void No_working_engine_is_one_error_with_each_clients_last_words_and_the_remedy()
    {
        Clients("docker", "podman", "apt-get");
        build.Processes.Answer = call =>
            call.Arguments switch
            {
                "--version" => new ProcessAnswer(0, "1.0"),
                _ => new ProcessAnswer(125)
                {
                    Error = ["noise", IsOf(call, "docker") ? "Cannot connect to the Docker daemon" : "crun: no cgroups"],
                },
            };

        Assert.That(
            () => build.Open().Engine,
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains($"{build.PathOf("bin/docker")}: docker import")
                .And.Message.Contains("Cannot connect to the Docker daemon")
                .And.Message.Contains($"{build.PathOf("bin/podman")}: podman import")
                .And.Message.Contains("crun: no cgroups")
                .And.Message.Contains("--provision installs podman")
                .And.Message.Contains("apt-get install")
        );
    }

    [Test]
    public void User_without_what_rootless_podman_needs_is_told_that_and_not_to_install_podman()
    {
        Clients("podman", "apt-get");
        build.IsRoot = false;
        build.Processes.Answer = call =>
            call.Arguments == "--version"
                ? new ProcessAnswer(0, "1.0")
                : new ProcessAnswer(125) { Error = ["cannot set up namespace using newuidmap"] };

        Assert.That(
            () => build.Open(("provision", "")).Engine,
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains("newuidmap or newgidmap is missing")
                .And.Message.Contains("sudo apt-get install --yes --no-install-recommends uidmap slirp4netns")
                .And.Message.Not.Contains("installs podman")
        );
        Assert.That(build.Processes.CommandLines, Has.None.StartsWith("apt-get"));
    }

    [Test]
    public void Client_in_a_folder_that_is_on_the_path_twice_is_tried_once()
    {
        Clients("docker");
        var link = build.PathOf("link");
        Directory.CreateSymbolicLink(link, build.PathOf("bin"));
        build.Fixture.Environment.Variables["PATH"] += ":" + link;
        Fail(_ => true);

        Assert.That(() => build.Open(("engine", "docker")).Engine, Throws.TypeOf<CakeException>());
        Assert.That(build.Processes.CommandLines.Count(c => c.Contains("--version")), Is.EqualTo(1));
    }

    [TestCase("auto", "no docker or podman on PATH")]
    [TestCase("podman", "no podman on PATH")]
    [TestCase("docker", "no docker on PATH")]
    public void Missing_client_is_an_error(string wanted, string message) =>
        Assert.That(() => build.Open(("engine", wanted)).Engine, Throws.TypeOf<CakeException>().With.Message.Contains(message));

    [TestCase("docker", EngineKind.Docker)]
    [TestCase("podman", EngineKind.Podman)]
    public void Engine_that_is_asked_for_is_the_only_one_tried(string wanted, EngineKind expected)
    {
        Clients("docker", "podman");

        Assert.Multiple(() =>
        {
            Assert.That(build.Open(("engine", wanted)).Engine.Kind, Is.EqualTo(expected));
            Assert.That(build.Processes.Calls.All(c => IsOf(c, wanted)), Is.True);
        });
    }

    [TestCase("lxc")]
    [TestCase("Docker")]
    [TestCase("")]
    public void Unknown_engine_is_an_error_that_lists_the_known(string wanted) =>
        Assert.That(
            () => build.Open(("engine", wanted)).Engine,
            Throws.TypeOf<CakeException>().With.Message.EqualTo($"unknown engine '{wanted}'; known: docker, podman, auto")
        );

    [Test]
    public void Choice_is_remembered_without_starting_anything()
    {
        Clients("docker");
        var first = build.Open().Engine;
        build.Processes.Calls.Clear();

        Assert.Multiple(() =>
        {
            Assert.That(build.Open().Engine, Is.EqualTo(first).UsingPropertiesComparer());
            Assert.That(build.Processes.Calls, Is.Empty);
        });
    }

    [Test]
    public void Choice_keeps_the_settings_of_the_shell_that_it_was_made_in()
    {
        Clients("podman");
        build.Fixture.Environment.Variables["CONTAINERS_CONF"] = build.PathOf("mine.conf");
        File.WriteAllText(build.PathOf("mine.conf"), "");
        _ = build.Open().Engine;
        build.Fixture.Environment.Variables.Remove("CONTAINERS_CONF");

        Assert.That(build.Open().Engine.Environment["CONTAINERS_CONF"], Is.EqualTo(build.PathOf("mine.conf")));
    }

    [Test]
    public void Choice_is_made_again_when_the_client_changed()
    {
        Clients("docker");
        _ = build.Open().Engine;
        build.Processes.Calls.Clear();
        File.WriteAllText(build.PathOf("bin/docker"), "another");

        _ = build.Open().Engine;
        Assert.That(build.Processes.Calls, Is.Not.Empty);
    }

    [Test]
    public void Choice_is_made_again_when_another_engine_is_asked_for()
    {
        Clients("docker", "podman");
        _ = build.Open().Engine;

        Assert.That(build.Open(("engine", "podman")).Engine.Kind, Is.EqualTo(EngineKind.Podman));
    }

    // A checkout that was moved remembers the settings' old place.
    [Test]
    public void Choice_is_made_again_when_its_settings_are_gone()
    {
        Clients("podman");
        Fail(call => !call.Settings.EnvironmentVariables.ContainsKey("CONTAINERS_CONF"));
        _ = build.Open().Engine;
        File.Delete(build.PathOf("artifacts/containers.conf"));

        Assert.That(build.Open().Engine.Environment["CONTAINERS_CONF"], Does.Exist);
    }

    [Test]
    public void Client_that_says_nothing_is_passed_over()
    {
        Clients("docker", "podman");
        build.Processes.Answer = call => IsOf(call, "docker") ? new ProcessAnswer() : new ProcessAnswer(0, "podman 4");

        Assert.That(build.Open().Engine.Kind, Is.EqualTo(EngineKind.Podman));
    }

    [Test]
    public void Client_that_cannot_be_started_is_passed_over()
    {
        Clients("docker", "podman");
        build.Processes.Answer = call => IsOf(call, "docker") ? throw new Win32Exception(13) : new ProcessAnswer(0, "podman 4");

        Assert.That(build.Open().Engine.Kind, Is.EqualTo(EngineKind.Podman));
    }

    [Test]
    public void Provisioning_installs_podman_where_nothing_works()
    {
        Clients("apt-get");
        build.Processes.Answer = call =>
        {
            if (call.CommandLine.StartsWith("apt-get install", StringComparison.Ordinal))
                Clients("podman");
            return new ProcessAnswer(0, "1.0");
        };

        Assert.That(build.Open(("provision", "")).Engine.Kind, Is.EqualTo(EngineKind.Podman));
    }

    [Test]
    public void Provisioning_installs_no_podman_for_one_who_asks_for_docker()
    {
        Clients("apt-get");

        Assert.Multiple(() =>
        {
            Assert.That(
                () => build.Open(("provision", ""), ("engine", "docker")).Engine,
                Throws.TypeOf<CakeException>().With.Message.Contains("leave --engine=docker out")
            );
            Assert.That(build.Processes.Calls, Is.Empty);
        });
    }

    private static bool IsOf(ProcessCall call, string client) => Path.GetFileName(call.File) == client;

    private void Clients(params string[] names)
    {
        foreach (var name in names)
            build.Fixture.AddTool(name);
    }

    private void Fail(Func<ProcessCall, bool> when) =>
        build.Processes.Answer = call => when(call) ? new ProcessAnswer(125) { Error = ["refused"] } : new ProcessAnswer(0, "1.0");
}
