using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Minimal;

namespace Gfxbake.Host.Tests.Units;

/// <summary>A machine with podman inside, the image that is tried in its storage, and two models.</summary>
internal sealed class MachineContainer : SystemdContainer
{
    public MachineContainer()
        : base("unit-machine", "--volume=/var/lib/containers")
    {
        Need(Run("save", "--format", "docker-archive", "--output", Path.Combine(Exchange, "image.tar"), SampleUnits.Image));
        Sh("podman load --quiet --input /exchange/image.tar");
        foreach (var model in new[] { "tiny-f16", "tiny-q8_0" })
            Put($"{model}.gguf", File.ReadAllBytes(Artifact("models", model + ".gguf")), "/srv/models/");
    }

    /// <summary>The image that the machine has.</summary>
    public static string ImageId => RecordFile.TryRead<MinimalRecord>(Artifact("minimal.json"))!.Image;

    /// <summary>What a page of the machine's own says, once it answers.</summary>
    public string Get(string address, string? json = null)
    {
        var data = json is null ? "" : $"--data '{json}' ";
        return Sh($"for i in $(seq 30); do curl --silent --fail --max-time 5 {data}http://{address} && exit 0; sleep 1; done; exit 1");
    }
}
