using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Archives;

/// <summary>Turns a docker-archive into an OCI archive whose layers are compressed with zstd, the same bytes each time.</summary>
/// <remarks>
/// Format: OCI Image Format Specification 1.1, image layout in a tar. The configuration stays byte by byte, so the image id does too.
/// </remarks>
public sealed class OciArchiveWriter : IDisposable
{
    private const string Layer = "application/vnd.oci.image.layer.v1.tar+zstd";

    private readonly Dictionary<string, (string Digest, string File)> layers = new(StringComparer.Ordinal);
    private readonly DirectoryInfo folder;
    private byte[]? config;

    /// <param name="folder">Takes the compressed layers until Dispose; is made, and removed with what is in it.</param>
    public OciArchiveWriter(string folder) => this.folder = Directory.CreateDirectory(folder);

    /// <summary>Reads the archive that is to be turned and compresses its layers.</summary>
    /// <param name="archive">A docker-archive that passed DockerArchiveReader.</param>
    /// <param name="contents">What that said of it.</param>
    /// <param name="effort">How hard to compress.</param>
    /// <param name="cancellation">Looked at once a layer.</param>
    public void Read(Stream archive, ArchiveContents contents, ZstdEffort effort, CancellationToken cancellation = default)
    {
        var tar = new ArchiveTar(archive);
        while (tar.Next() is { } item)
        {
            cancellation.ThrowIfCancellationRequested();
            if (item.Content is not { } data)
                continue;
            // The configuration's name is its content's digest, in docker's names and in OCI's.
            if (Path.GetFileName(item.Name).Split('.')[0] == contents.ImageId)
                data.CopyTo(Taken(out config, item.Length));
            for (var i = 0; i < contents.LayerFiles.Count; i++)
            {
                if (contents.LayerFiles[i] != item.Name || layers.ContainsKey(contents.Layers[i]))
                    continue;
                var (tarOfLayer, packed) = LayerContent.Open(data);
                layers[contents.Layers[i]] = Compress(tarOfLayer, packed ? null : item.Length, effort);
            }
        }

        if (config is null || contents.Layers.Any(l => !layers.ContainsKey(l)))
        {
            throw new ArchiveFormatException(
                "its configuration is not named by its digest, or a layer is gone; save the image again with this program"
            );
        }
    }

    /// <summary>Writes the OCI archive.</summary>
    /// <param name="output">Takes the tar.</param>
    /// <param name="contents">As given to Read.</param>
    public void Write(Stream output, ArchiveContents contents)
    {
        var manifest = OciJson.ManifestOf(
            OciJson.Descriptor(OciJson.Config, "sha256:" + contents.ImageId, config!.Length),
            [.. contents.Layers.Select(l => OciJson.Descriptor(Layer, layers[l].Digest, new FileInfo(layers[l].File).Length))]
        );
        var described = OciJson.Descriptor(OciJson.Manifest, OciJson.Digest(manifest), manifest.Length);
        if (contents.Names is [var name, ..])
            described["annotations"] = new JsonObject { ["io.containerd.image.name"] = name, ["org.opencontainers.image.ref.name"] = name };
        using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        ArchiveEntry.Add(tar, "oci-layout", new MemoryStream(Encoding.UTF8.GetBytes(OciJson.Layout)));
        ArchiveEntry.Add(tar, "index.json", new MemoryStream(OciJson.IndexOf(described)));
        ArchiveEntry.Add(tar, Blob(OciJson.Digest(manifest)), new MemoryStream(manifest));
        ArchiveEntry.Add(tar, Blob("sha256:" + contents.ImageId), new MemoryStream(config));
        foreach (var layer in layers.Values.DistinctBy(l => l.Digest).OrderBy(l => l.Digest, StringComparer.Ordinal))
        {
            using var file = File.OpenRead(layer.File);
            ArchiveEntry.Add(tar, Blob(layer.Digest), file);
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private (string Digest, string File) Compress(Stream data, long? length, ZstdEffort effort)
    {
        var file = Path.Combine(folder.FullName, $"layer-{layers.Count}");
        using var output = new FileStream(file, FileMode.Create, FileAccess.ReadWrite);
        using (var packed = new ZstdWriteStream(output, effort, length))
        {
            data.CopyTo(packed, 1 << 20);
            packed.Finish();
        }

        output.Position = 0;
        return ("sha256:" + Convert.ToHexStringLower(SHA256.HashData(output)), file);
    }

    private static MemoryStream Taken(out byte[] bytes, long length) => new(bytes = new byte[length]);

    private static string Blob(string digest) => "blobs/sha256/" + digest["sha256:".Length..];
}
