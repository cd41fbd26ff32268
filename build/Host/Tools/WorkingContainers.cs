using System.Text.Json;

namespace Gfxbake.Host.Tools;

/// <summary>
/// The containers that podman makes for each step of a build. A build that is ended leaves them all behind, they carry no label, and
/// each pins its layers on the disk. What tells ours apart is a build argument that podman notes in its storage (buildah.json).
/// </summary>
public static class WorkingContainers
{
    private const string Mark = "GFXBAKE_CHECKOUT";

    /// <summary>The build argument that marks a build as this checkout's; no Dockerfile declares it, so it changes no layer.</summary>
    public static string BuildArgument(BuildContext context) => $"{Mark}={Containers.Label(context)}";

    /// <summary>Ids of the working containers of this checkout's builds.</summary>
    public static IReadOnlyList<string> Of(BuildContext context)
    {
        if (context.Engine.Kind != EngineKind.Podman)
            return [];
        // Not `podman ps --external`: that fails when another build of this machine removes one of its own meanwhile.
        var storage = context.EngineCommand("info", "--format", "{{.Store.GraphRoot}}/{{.Store.GraphDriverName}}-containers")[0].Trim();
        if (!Directory.Exists(storage))
            return [];
        return
        [
            .. Directory
                .EnumerateDirectories(storage)
                .Where(d => IsOurs(Path.Combine(d, "userdata", "buildah.json"), Containers.Label(context)))
                .Select(d => Path.GetFileName(d)),
        ];
    }

    private static bool IsOurs(string file, string label)
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var json = JsonDocument.Parse(stream);
            return json.RootElement.TryGetProperty("Args", out var args)
                && args.ValueKind == JsonValueKind.Object
                && args.TryGetProperty(Mark, out var mark)
                && mark.ValueEquals(label);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Not a build's, or just removed by who made it.
            return false;
        }
    }
}
