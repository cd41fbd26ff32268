using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gfxbake.Formats.Archives;

/// <summary>What an image layout is made of, as a folder and as a tar alike.</summary>
/// <remarks>Format: OCI Image Format Specification 1.1.</remarks>
internal static class OciJson
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json",
        Config = "application/vnd.oci.image.config.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json",
        Layout = """{"imageLayoutVersion":"1.0.0"}""";

    public static JsonObject Descriptor(string type, string digest, long size) =>
        new()
        {
            ["mediaType"] = type,
            ["digest"] = digest,
            ["size"] = size,
        };

    public static byte[] ManifestOf(JsonObject config, params JsonNode[] layers) =>
        Bytes(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = Manifest,
                ["config"] = config,
                ["layers"] = new JsonArray(layers),
            }
        );

    public static byte[] IndexOf(JsonObject manifest) =>
        Bytes(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = Index,
                ["manifests"] = new JsonArray(manifest),
            }
        );

    public static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static byte[] Bytes(JsonNode value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
