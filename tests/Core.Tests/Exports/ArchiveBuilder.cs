using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Gfxbake.Core.Tests.Exports;

/// <summary>Builds docker-archives as engines write them.</summary>
internal sealed class ArchiveBuilder
{
    public IReadOnlyList<byte[]> Layers { get; init; } = [Content(1, 70_000), Content(2, 3_000)];

    /// <summary>Digests in the configuration; those of the layers when null.</summary>
    public IReadOnlyList<string>? DiffIds { get; init; }

    /// <summary>docker 25 names files after OCI's layout.</summary>
    public bool OciNames { get; init; }

    /// <summary>docker packs the layers of images that containerd keeps, and names them by the packed digests.</summary>
    public bool PackedLayers { get; init; }

    /// <summary>podman and older docker have links for the layers' old names; this one names layers by them.</summary>
    public bool LinkedLayers { get; init; }

    public IReadOnlyList<string> LeaveOut { get; init; } = [];

    public string? Manifest { get; init; }

    public string Configuration => "{\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
        + string.Join(',', (DiffIds ?? [.. Layers.Select(l => "sha256:" + Hash(l))]).Select(d => $"\"{d}\"")) + "]}}";

    public string ImageId => Hash(Encoding.UTF8.GetBytes(Configuration));

    public byte[] Build()
    {
        var output = new MemoryStream();
        using (var tar = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true))
        {
            var stored = PackedLayers ? [.. Layers.Select(Pack)] : Layers;
            var names = stored.Select(l => OciNames ? $"blobs/sha256/{Hash(l)}" : $"{Hash(l)}.tar").ToList();
            foreach (var (layer, name) in stored.Zip(names)) Add(tar, name, layer);
            var config = OciNames ? $"blobs/sha256/{ImageId}" : $"{ImageId}.json";
            Add(tar, config, Encoding.UTF8.GetBytes(Configuration));
            for (var i = 0; LinkedLayers && i < names.Count; i++)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, $"old{i}/layer.tar") { LinkName = "../" + names[i], ModificationTime = DateTimeOffset.UnixEpoch });
                names[i] = $"old{i}/layer.tar";
            }

            var manifest = Manifest ?? $$"""[{"Config":"{{config}}","RepoTags":["localhost/sample:minimal"],"Layers":[{{string.Join(',', names.Select(n => $"\"{n}\""))}}]}]""";
            Add(tar, "manifest.json", Encoding.UTF8.GetBytes(manifest));
        }

        return output.ToArray();
    }

    public static byte[] Content(int seed, int size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Pack(byte[] layer)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest)) gzip.Write(layer);
        return output.ToArray();
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private void Add(TarWriter tar, string name, byte[] content)
    {
        if (!LeaveOut.Any(name.Contains)) tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
    }
}
