using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gfxbake.Formats.Archives;

/// <summary>Makes a docker-archive of one root file system: what every engine loads, and gives the same id.</summary>
/// <remarks>Format: the Docker Image Specification v1.2. Same tar and name, same bytes.</remarks>
public static class DockerArchiveWriter
{
    /// <param name="output">Takes the archive.</param>
    /// <param name="tar">The root file system, not compressed.</param>
    /// <param name="layer">Its SHA-256, hexadecimal.</param>
    /// <param name="name">Name and tag that the image gets.</param>
    public static void Write(Stream output, string tar, string layer, string name)
    {
        var id = ImageId(layer);
        var manifest = new JsonArray(
            new JsonObject
            {
                ["Config"] = id + ".json",
                ["RepoTags"] = new JsonArray(name),
                ["Layers"] = new JsonArray(layer + ".tar"),
            }
        );
        using var writer = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        ArchiveEntry.Add(writer, id + ".json", new MemoryStream(BaseConfiguration.Of(layer)));
        using (var content = File.OpenRead(tar))
            ArchiveEntry.Add(writer, layer + ".tar", content);
        ArchiveEntry.Add(writer, "manifest.json", new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest)));
    }

    /// <summary>The id that engines give the image; docker with containerd's image store has another.</summary>
    /// <param name="layer">SHA-256 of the tar, hexadecimal.</param>
    public static string ImageId(string layer) => Convert.ToHexStringLower(SHA256.HashData(BaseConfiguration.Of(layer)));
}
