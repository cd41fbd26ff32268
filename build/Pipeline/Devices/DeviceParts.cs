using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Devices;

/// <summary>What a container gets of a device, besides its variables.</summary>
public static class DeviceParts
{
    /// <summary>What stands behind a node that only has to open.</summary>
    private const string Nothing = "/dev/null";

    /// <param name="device">As it stands in for a GPU.</param>
    /// <param name="kit">Folder of its files.</param>
    public static IReadOnlyList<Mount> Mounts(Device device, string kit) =>
        [new(kit, device.Folder), .. device.Mounts.Select(m => new Mount(Path.Combine(kit, m.Value), m.Key))];

    /// <summary>Nodes as podman and docker understand them.</summary>
    public static IReadOnlyList<string> Nodes(Device device) => [.. device.Nodes.Select(n => $"{Nothing}:{n}")];
}
