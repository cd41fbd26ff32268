using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gfxbake.Formats.Archives;

/// <summary>The configuration of an image that is one root file system and nothing else.</summary>
/// <remarks>
/// Format: OCI Image Format Specification 1.1, which docker reads too. An engine that imports a tar puts the time into it, and so gives
/// the same tar another id on each machine; then no layer on top of it is found in a cache that machines share.
/// </remarks>
public static class BaseConfiguration
{
    /// <param name="layer">SHA-256 of the tar, hexadecimal.</param>
    /// <returns>The same bytes for the same layer; their SHA-256 is the image's id.</returns>
    public static byte[] Of(string layer) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["created"] = "1970-01-01T00:00:00Z",
                ["architecture"] = "amd64",
                ["os"] = "linux",
                ["config"] = new JsonObject(),
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray("sha256:" + layer) },
                ["history"] = new JsonArray(new JsonObject { ["created"] = "1970-01-01T00:00:00Z", ["created_by"] = "gfxbake BaseImage" }),
            }
        );
}
