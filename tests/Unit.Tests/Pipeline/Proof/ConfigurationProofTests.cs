using System.Text.Json;
using System.Text.Json.Nodes;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Proof;

/// <summary>Kinds of damage to an image's configuration, in the form of each engine.</summary>
public sealed class ConfigurationProofTests
{
    private static readonly ImageMetadata Recipe = new()
    {
        User = "gfxbake",
        Workdir = "/var/lib/gfxbake",
        Entrypoint = ["llama-server"],
        Ports = [8080],
        Healthcheck = new Healthcheck { Command = ["busybox", "wget", "http://127.0.0.1:8080/health"] },
    };

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["HOME"] = "/var/lib/gfxbake",
        ["LLAMA_ARG_LOAD_MODE"] = "none",
    };
    private static readonly Dictionary<string, string> Labels = new() { ["gfxbake.gpu"] = "gfx1151" };

    private const string Check =
        """{"Test":["CMD","busybox","wget","http://127.0.0.1:8080/health"]"""
        + ""","Interval":30000000000,"Timeout":5000000000,"StartPeriod":300000000000}""";

    private const string Config = """
        "User":"gfxbake","ExposedPorts":{"8080/tcp":{}},"Entrypoint":["llama-server"],"WorkingDir":"/var/lib/gfxbake",
        "Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","HOME=/var/lib/gfxbake","LLAMA_ARG_LOAD_MODE=none"],
        """;

    private static readonly string Podman = $$$$"""
        {"Id":"x","User":"gfxbake","Healthcheck":{{{{Check}}}},"Config":{{{{{Config}}}}
        "Labels":{"gfxbake.gpu":"gfx1151","io.buildah.version":"1.28.2"}}}
        """;

    private static readonly string Docker = $$$$"""
        {"Id":"x","Config":{{{{{Config}}}} "Labels":{"gfxbake.gpu":"gfx1151"},"Healthcheck":{{{{Check}}}},
        "Hostname":"","Cmd":null,"Image":"sha256:1",
        "AttachStdin":false,"Volumes":null,"OnBuild":[],"ArgsEscaped":true}}
        """;

    [Test]
    public void Configuration_of_each_engine_is_the_recipes()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Differences(JsonNode.Parse(Podman)!), Is.Empty);
            Assert.That(Differences(JsonNode.Parse(Docker)!), Is.Empty);
        });
    }

    private static IEnumerable<TestCaseData> Damages()
    {
        yield return Damage("user root", c => c["User"] = "root", "User is root, not gfxbake");
        yield return Damage("no user", c => c.Remove("User"), "User is missing; it should be gfxbake");
        yield return Damage(
            "another entry point",
            c => c["Entrypoint"] = new JsonArray("/bin/sh"),
            "Entrypoint is [\"/bin/sh\"], not [\"llama-server\"]"
        );
        yield return Damage(
            "longer entry point",
            c => c["Entrypoint"] = new JsonArray("llama-server", "--port=1"),
            "Entrypoint is [\"llama-server\",\"--port=1\"], not [\"llama-server\"]"
        );
        yield return Damage("a command", c => c["Cmd"] = new JsonArray("--api-key=x"), "Cmd is [\"--api-key=x\"], and should not be there");
        yield return Damage("working directory", c => c["WorkingDir"] = "/", "WorkingDir is /, not /var/lib/gfxbake");
        yield return Damage("variable lost", c => c["Env"]!.AsArray().RemoveAt(2), "Env LLAMA_ARG_LOAD_MODE is missing; it should be none");
        yield return Damage(
            "variable changed",
            c => c["Env"]![2] = "LLAMA_ARG_LOAD_MODE=mmap",
            "Env LLAMA_ARG_LOAD_MODE is mmap, not none"
        );
        yield return Damage(
            "variable added",
            c => c["Env"]!.AsArray().Add("LD_LIBRARY_PATH=/tmp"),
            "Env LD_LIBRARY_PATH is /tmp, and should not be there"
        );
        yield return Damage(
            "variable twice",
            c => c["Env"]!.AsArray().Add("HOME=/root"),
            "Env HOME (again) is /root, and should not be there"
        );
        yield return Damage("another PATH", c => c["Env"]![0] = "PATH=/tmp", "Env PATH is /tmp, and should not be there");
        yield return Damage(
            "label lost",
            c => c["Labels"]!.AsObject().Remove("gfxbake.gpu"),
            "Label gfxbake.gpu is missing; it should be gfx1151"
        );
        yield return Damage("label changed", c => c["Labels"]!["gfxbake.gpu"] = "gfx1100", "Label gfxbake.gpu is gfx1100, not gfx1151");
        yield return Damage("label added", c => c["Labels"]!["evil\u001b[2J"] = "x", "Label evil\\x1b[2J is x, and should not be there");
        yield return Damage(
            "another port",
            c => c["ExposedPorts"] = new JsonObject { ["22/tcp"] = new JsonObject() },
            "ExposedPorts 22/tcp is {}, and should not be there"
        );
        yield return Damage("no port", c => c.Remove("ExposedPorts"), "ExposedPorts 8080/tcp is missing; it should be {}");
        yield return Damage(
            "a volume",
            c => c["Volumes"] = new JsonObject { ["/models"] = new JsonObject() },
            "Volumes is {\"/models\":{}}, and should not be there"
        );
        yield return Damage("a stop signal", c => c["StopSignal"] = "SIGKILL", "StopSignal is SIGKILL, and should not be there");
        yield return Damage(
            "a step for builds on it",
            c => c["OnBuild"] = new JsonArray("RUN evil"),
            "OnBuild is [\"RUN evil\"], and should not be there"
        );
    }

    [TestCaseSource(nameof(Damages))]
    public void Damage_is_told_with_its_key(Action<JsonObject> damage, string sentence)
    {
        foreach (var engine in new[] { Podman, Docker })
        {
            var inspected = JsonNode.Parse(engine)!;
            damage(inspected["Config"]!.AsObject());

            Assert.That(Differences(inspected), Does.Contain(sentence));
        }
    }

    [Test]
    public void Health_check_that_is_gone_is_told()
    {
        var podman = JsonNode.Parse(Podman)!;
        podman.AsObject().Remove("Healthcheck");
        var docker = JsonNode.Parse(Docker)!;
        docker["Config"]!.AsObject().Remove("Healthcheck");

        Assert.Multiple(() =>
        {
            Assert.That(Differences(podman), Has.Count.EqualTo(4).And.Some.StartsWith("Healthcheck Test is missing"));
            Assert.That(Differences(docker), Is.EqualTo(Differences(podman)));
        });
    }

    [TestCase("Test", """["NONE"]""", "Healthcheck Test is [\"NONE\"], not ")]
    [TestCase("Interval", "1", "Healthcheck Interval is 1, not 30000000000")]
    [TestCase("Retries", "99", "Healthcheck Retries is 99, and should not be there")]
    public void Health_check_that_changed_is_told(string key, string value, string sentence)
    {
        var podman = JsonNode.Parse(Podman)!;
        podman["Healthcheck"]![key] = JsonNode.Parse(value);

        Assert.That(Differences(podman), Has.Some.StartsWith(sentence));
    }

    private static TestCaseData Damage(string name, Action<JsonObject> damage, string sentence) =>
        new TestCaseData(damage, sentence).SetArgDisplayNames(name);

    private static IReadOnlyList<string> Differences(JsonNode inspected)
    {
        using var json = JsonDocument.Parse(inspected.ToJsonString());
        return ConfigurationProof.Differences(Recipe, Environment, Labels, json.RootElement);
    }
}
