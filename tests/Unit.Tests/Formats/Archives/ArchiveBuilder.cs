using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Gfxbake.Unit.Tests.Formats.Archives;

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

    /// <summary>Entries before all others.</summary>
    public IReadOnlyList<TarEntry> First { get; init; } = [];

    /// <summary>Entries after all others.</summary>
    public IReadOnlyList<TarEntry> Last { get; init; } = [];

    /// <summary>Changes the header of the entry of this name, which then gets its checksum anew.</summary>
    public (string Name, Action<byte[]> Change)? Damage { get; init; }

    public IReadOnlyList<string> LeaveOut { get; init; } = [];

    public string? Manifest { get; init; }

    public string ConfigurationStart { get; init; } = "";

    public string Configuration =>
        "{"
        + ConfigurationStart
        + "\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
        + string.Join(',', (DiffIds ?? [.. Layers.Select(l => "sha256:" + Hash(l))]).Select(d => $"\"{d}\""))
        + "]}}";

    public string ImageId => Hash(Encoding.UTF8.GetBytes(Configuration));

    public byte[] Build()
    {
        var output = new MemoryStream();
        using (var tar = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var entry in First)
                tar.WriteEntry(entry);
            var stored = PackedLayers ? [.. Layers.Select(Pack)] : Layers;
            var names = stored.Select(l => OciNames ? $"blobs/sha256/{Hash(l)}" : $"{Hash(l)}.tar").ToList();
            foreach (var (layer, name) in stored.Zip(names))
                Add(tar, name, layer);
            var config = OciNames ? $"blobs/sha256/{ImageId}" : $"{ImageId}.json";
            Add(tar, config, Encoding.UTF8.GetBytes(Configuration));
            for (var i = 0; LinkedLayers && i < names.Count; i++)
            {
                var old = Hash([(byte)i]) + "/layer.tar";
                tar.WriteEntry(Link(old, "../" + names[i]));
                names[i] = old;
            }

            var layers = string.Join(',', names.Select(n => $"\"{n}\""));
            var manifest = Manifest ?? $$"""[{"Config":"{{config}}","RepoTags":["localhost/sample:minimal"],"Layers":[{{layers}}]}]""";
            Add(tar, "manifest.json", Encoding.UTF8.GetBytes(manifest));
            foreach (var entry in Last)
                tar.WriteEntry(entry);
        }

        return Damage is { } damage ? Damaged(output.ToArray(), damage.Name, damage.Change) : output.ToArray();
    }

    public static byte[] Content(int seed, int size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static TarEntry File(string name, byte[] content, TarEntryType type = TarEntryType.RegularFile) =>
        new UstarTarEntry(type, name) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch };

    public static TarEntry Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) =>
        new UstarTarEntry(type, name) { LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch };

    private static byte[] Damaged(byte[] archive, string name, Action<byte[]> change)
    {
        var at = archive.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(name + "\0"));
        var header = archive[at..(at + 512)];
        change(header);
        Sum(header);
        header.CopyTo(archive, at);
        return archive;
    }

    /// <summary>Gives a changed header its checksum.</summary>
    public static void Sum(Span<byte> header)
    {
        header[148..156].Fill((byte)' ');
        var sum = 0;
        foreach (var value in header)
            sum += value;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(header[148..]);
    }

    private static byte[] Pack(byte[] layer)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(layer);
        return output.ToArray();
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private void Add(TarWriter tar, string name, byte[] content)
    {
        if (!LeaveOut.Any(name.Contains))
        {
            tar.WriteEntry(
                new UstarTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(content),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                }
            );
        }
    }
}
