using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Gfxbake.Formats.Archives;

/// <summary>Makes an OCI image layout, a folder, of one root file system: a base that a builder on another machine can be given.</summary>
/// <remarks>
/// Format: OCI Image Format Specification 1.1, image layout. Same tar, same bytes. The configuration is the one that DockerArchiveWriter
/// writes.
/// </remarks>
public static class OciLayoutWriter
{
    private const string Layer = "application/vnd.oci.image.layer.v1.tar";

    /// <param name="tar">The root file system, not compressed.</param>
    /// <param name="folder">Is made; must not be there.</param>
    /// <returns>Digest of the manifest, sha256:…</returns>
    public static string Write(string tar, string folder)
    {
        var blobs = Path.Combine(folder, "blobs", "sha256");
        Directory.CreateDirectory(blobs);
        string layer;
        using (var stream = File.OpenRead(tar))
            layer = Convert.ToHexStringLower(SHA256.HashData(stream));
        File.Copy(tar, Path.Combine(blobs, layer));

        var config = Blob(blobs, OciJson.Config, BaseConfiguration.Of(layer));
        var manifest = Blob(
            blobs,
            OciJson.Manifest,
            OciJson.ManifestOf(config, OciJson.Descriptor(Layer, "sha256:" + layer, new FileInfo(tar).Length))
        );
        var digest = (string)manifest["digest"]!;
        File.WriteAllText(Path.Combine(folder, "oci-layout"), OciJson.Layout);
        File.WriteAllBytes(Path.Combine(folder, "index.json"), OciJson.IndexOf(manifest));
        return digest;
    }

    private static JsonObject Blob(string blobs, string type, byte[] bytes)
    {
        var digest = OciJson.Digest(bytes);
        File.WriteAllBytes(Path.Combine(blobs, digest["sha256:".Length..]), bytes);
        return OciJson.Descriptor(type, digest, bytes.Length);
    }
}
