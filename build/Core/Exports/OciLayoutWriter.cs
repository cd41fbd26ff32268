using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gfxbake.Core.Exports;

/// <summary>Makes an OCI image layout, a folder, of one root file system: a base that a builder on another machine can be given.</summary>
/// <remarks>Format: OCI Image Format Specification 1.1, image layout. Same tar, same bytes. The configuration is the one that DockerArchiveWriter writes.</remarks>
public static class OciLayoutWriter
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json", Config = "application/vnd.oci.image.config.v1+json";
    private const string Layer = "application/vnd.oci.image.layer.v1.tar", Index = "application/vnd.oci.image.index.v1+json";

    /// <param name="tar">The root file system, not compressed.</param>
    /// <param name="folder">Is made; must not be there.</param>
    /// <returns>Digest of the manifest, sha256:…</returns>
    public static string Write(string tar, string folder)
    {
        var blobs = Path.Combine(folder, "blobs", "sha256");
        Directory.CreateDirectory(blobs);
        string layer;
        using (var stream = File.OpenRead(tar)) layer = Convert.ToHexStringLower(SHA256.HashData(stream));
        File.Copy(tar, Path.Combine(blobs, layer));

        var config = Blob(blobs, Config, BaseConfiguration.Of(layer));
        var manifest = Blob(blobs, Manifest, Json(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Manifest,
            ["config"] = config,
            ["layers"] = new JsonArray(Descriptor(Layer, layer, new FileInfo(tar).Length)),
        }));
        var digest = (string)manifest["digest"]!;
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllBytes(Path.Combine(folder, "index.json"), Json(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Index, ["manifests"] = new JsonArray(manifest) }));
        return digest;
    }

    private static JsonObject Blob(string blobs, string type, byte[] bytes)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllBytes(Path.Combine(blobs, digest), bytes);
        return Descriptor(type, digest, bytes.Length);
    }

    private static JsonObject Descriptor(string type, string digest, long size) => new() { ["mediaType"] = type, ["digest"] = "sha256:" + digest, ["size"] = size };

    private static byte[] Json(JsonObject value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
