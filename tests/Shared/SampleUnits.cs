using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Units;

namespace Gfxbake.Tests;

/// <summary>What units are about in tests: the tiny models, with values that only right quoting brings through.</summary>
internal static class SampleUnits
{
    public const string Image = "localhost/llama-cpp-gfx1151:vulkan-minimal";

    /// <summary>As presets have them, with signs that mean something to systemd, compose, YAML, a shell, llama-swap.</summary>
    public const string Hostile = "{\"x\": \"it's 100 % of $HOME, ${HOME} $(id) `id` \\\\ %h: [a] & <b> * \u00e9\"}";

    /// <summary>No server starts with this one; only what quotes it right brings it through.</summary>
    public const string WithLines = "a\nb\tc # d ; e";

    /// <param name="image">The image.</param>
    /// <param name="folder">Where the machine has the models.</param>
    /// <param name="devices">Nodes of the machine.</param>
    /// <param name="extra">A value that each model gets beside the others.</param>
    public static UnitSet Set(
        string image = Image,
        string folder = "/srv/models",
        IReadOnlyList<string>? devices = null,
        string extra = Hostile
    ) =>
        new()
        {
            Title = "llama.cpp for Strix Halo (Radeon 8060S, gfx1151), variant vulkan",
            Recipe = "llama-cpp-gfx1151",
            Box = "llama-cpp-gfx1151-vulkan",
            FullImage = "localhost/llama-cpp-gfx1151:vulkan-full",
            User = "llama-server",
            Health = ["busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health"],
            Models =
            [
                Model(image, folder, "tiny-f16", "Tiny, 100 % random", 8080, devices ?? [], extra),
                Model(image, folder, "tiny-q8_0", "Tiny \"8 bit\"", 8081, devices ?? [], extra),
            ],
        };

    private static UnitModel Model(
        string image,
        string folder,
        string name,
        string title,
        int port,
        IReadOnlyList<string> devices,
        string extra
    )
    {
        List<KeyValuePair<string, string>> options =
        [
            new("model", $"/models/{name}.gguf"),
            new("alias", name),
            new("chat-template-kwargs", extra),
            new("ctx-size", "512"),
            new("jinja", "true"),
            new("temp", "-0.5"),
        ];
        return new(
            name,
            title,
            new ProgramRun
            {
                Image = image,
                Program = "llama-server",
                Arguments = Words(options),
                Environment = new Dictionary<string, string> { ["GFXBAKE_TEST"] = extra },
                Mounts = [new Mount($"{folder}/{name}.gguf", $"/models/{name}.gguf")],
                Relabels = true,
                Ports = [new(PublishedPort.Loopback, port, 8080)],
                Devices = devices,
                Groups = [44, 105],
            },
            options,
            [
                .. Words(options.Select(o => o.Key == "model" ? new("model", $"{folder}/{name}.gguf") : o)),
                "--host",
                PublishedPort.Loopback,
                "--port",
                $"{port}",
            ],
            [$"{folder}/{name}.gguf"]
        );
    }

    private static List<string> Words(IEnumerable<KeyValuePair<string, string>> options) =>
        [.. options.SelectMany(o => o.Value == "true" ? (string[])["--" + o.Key] : ["--" + o.Key, o.Value])];
}
