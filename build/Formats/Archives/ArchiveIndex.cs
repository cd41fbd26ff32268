using System.Text.Json;

namespace Gfxbake.Formats.Archives;

/// <summary>Checks that an archive's index.json leads to the image of its manifest.json and to no other.</summary>
/// <remarks>
/// Format: OCI Image Format Specification 1.1, image layout. docker 25 and later write both files. podman, and docker that keeps its images
/// in containerd, then load what index.json says and do not look at manifest.json.
/// </remarks>
internal static class ArchiveIndex
{
    private const string Name = "index.json";
    private const int Deepest = 3;

    private static readonly string[] Indexes = [OciJson.Index, "application/vnd.docker.distribution.manifest.list.v2+json"];
    private static readonly string[] Manifests = [OciJson.Manifest, "application/vnd.docker.distribution.manifest.v2+json"];

    public static void Check(ArchiveDocuments documents, string imageId, IReadOnlyList<string> layerFiles)
    {
        if (documents.Has(Name))
            CheckIndex(documents, Name, 1, imageId, layerFiles);
    }

    private static void CheckIndex(ArchiveDocuments documents, string file, int depth, string imageId, IReadOnlyList<string> layerFiles)
    {
        var index = ArchiveDocuments.Values(documents.Read(file), file);
        if (depth > Deepest || !Is(index, Indexes, file, optional: true))
            throw new ArchiveFormatException($"{file} is no index of images");
        foreach (var descriptor in ArchiveDocuments.Objects(index, "manifests", file))
        {
            // What docker notes of how the image was built: no machine runs it. podman would take it in index.json.
            if (depth > 1 && IsForNoMachine(descriptor, file))
                continue;
            var blob = Blob(descriptor, file);
            if (Is(descriptor, Indexes, file))
                CheckIndex(documents, blob, depth + 1, imageId, layerFiles);
            else if (Is(descriptor, Manifests, file))
                CheckManifest(documents, blob, imageId, layerFiles);
            else
                throw new ArchiveFormatException($"{file} names {blob}, which is neither a manifest nor an index");
        }
    }

    private static void CheckManifest(ArchiveDocuments documents, string file, string imageId, IReadOnlyList<string> layerFiles)
    {
        var manifest = ArchiveDocuments.Values(documents.Read(file), file);
        var config = ArchiveDocuments.Values(manifest.GetValueOrDefault("config"), file);
        var layers = ArchiveDocuments.Objects(manifest, "layers", file).Select(l => Blob(l, file));
        if (!Is(manifest, Manifests, file, optional: true) || Blob(config, file) != BlobName(imageId) || !layers.SequenceEqual(layerFiles))
        {
            throw new ArchiveFormatException(
                $"{Name} leads to {file}, which is another image than manifest.json describes; some engines would load that one"
            );
        }
    }

    private static bool IsForNoMachine(Dictionary<string, JsonElement> descriptor, string file)
    {
        if (!descriptor.TryGetValue("platform", out var value))
            return false;
        var platform = ArchiveDocuments.Values(value, file);
        return ArchiveDocuments.Text(platform, "os", file) == "unknown"
            && ArchiveDocuments.Text(platform, "architecture", file) == "unknown";
    }

    private static bool Is(Dictionary<string, JsonElement> values, string[] types, string file, bool optional = false) =>
        ArchiveDocuments.Text(values, "mediaType", file) is { } type ? types.Contains(type) : optional;

    private static string Blob(Dictionary<string, JsonElement> descriptor, string file) =>
        ArchiveDocuments.Text(descriptor, "digest", file) is { } digest && digest.StartsWith("sha256:", StringComparison.Ordinal)
            ? BlobName(digest["sha256:".Length..])
            : throw new ArchiveFormatException($"{file} names something without a SHA-256");

    private static string BlobName(string sha256) => "blobs/sha256/" + sha256;
}
