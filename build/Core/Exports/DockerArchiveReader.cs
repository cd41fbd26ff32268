using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;

namespace Gfxbake.Core.Exports;

/// <summary>Reads a docker-archive from its first byte to its last and checks that its layers are those that its configuration names.</summary>
/// <remarks>
/// Format: the Docker Image Specification v1.2: a tar with manifest.json, the configuration that it names, and a tar for each layer.
/// The configuration's rootfs.diff_ids are the layers' SHA-256, unpacked. Nothing but the JSON files is held in memory.
/// </remarks>
public static class DockerArchiveReader
{
    private const int MostEntries = 10_000, MostSmallBytes = 4 << 20, MostHeldBytes = 64 << 20;

    /// <param name="archive">The unpacked archive; is read forward to its end.</param>
    /// <param name="cancellation">Looked at once an entry and a mebibyte.</param>
    /// <exception cref="ArchiveFormatException">It is truncated, damaged, or holds other layers than it says.</exception>
    public static ArchiveContents Read(Stream archive, CancellationToken cancellation = default)
    {
        var counted = new CountingStream(archive, cancellation);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var json = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var tar = new TarReader(counted, leaveOpen: true);
            for (var entries = 0; tar.GetNextEntry() is { } entry; entries++)
            {
                if (entries >= MostEntries) throw new ArchiveFormatException($"the archive has more than {MostEntries:N0} entries");
                if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink) links[entry.Name] = entry.LinkName;
                else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile) Take(entry, files, json);
            }

            // What a writer pads the last block with; also proves that the stream ends well.
            counted.CopyTo(Stream.Null);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new ArchiveFormatException($"the archive is cut off or no tar: {error.Message}");
        }

        return Check(files, json, links, counted.Count);
    }

    private static void Take(TarEntry entry, Dictionary<string, string> files, Dictionary<string, byte[]> json)
    {
        using var content = entry.DataStream ?? Stream.Null;
        // docker 25 and later write the configuration under OCI's name, blobs/sha256/<digest>, which no ending tells from a layer.
        if (entry.Length <= MostSmallBytes && json.Values.Sum(j => (long)j.Length) + entry.Length <= MostHeldBytes)
        {
            var bytes = new byte[entry.Length];
            content.ReadExactly(bytes);
            json[entry.Name] = bytes;
            files[entry.Name] = Digest(new MemoryStream(bytes));
        }
        else
        {
            files[entry.Name] = Digest(content);
        }
    }

    private static string Digest(Stream content) => Convert.ToHexStringLower(SHA256.HashData(LayerContent.Open(content).Tar));

    private static ArchiveContents Check(Dictionary<string, string> files, Dictionary<string, byte[]> json, Dictionary<string, string> links, long bytes)
    {
        var manifest = Parse<ManifestEntry[]>(json, "manifest.json");
        if (manifest is not [{ Config: { } configName, Layers: { } names } image]) throw new ArchiveFormatException("manifest.json does not describe exactly one image");
        if (!files.TryGetValue(configName, out var id)) throw new ArchiveFormatException($"the configuration {configName} is missing");
        var wanted = Parse<Configuration>(json, configName).RootFs?.DiffIds ?? throw new ArchiveFormatException($"{configName} names no layers");
        if (wanted.Count != names.Count) throw new ArchiveFormatException($"manifest.json has {names.Count} layers, the configuration {wanted.Count}");
        var targets = names.Select(n => Target(links, n)).ToList();
        var layers = targets.Zip(names, (t, n) => files.GetValueOrDefault(t) ?? throw new ArchiveFormatException($"the layer {n} is missing")).ToList();
        foreach (var (found, expected, name) in layers.Zip(wanted, names))
        {
            if ("sha256:" + found != expected) throw new ArchiveFormatException($"the layer {name} has the digest {found}, and the configuration wants {expected}");
        }

        return new ArchiveContents(id, image.RepoTags ?? [], layers, bytes) { LayerFiles = targets, Documents = [.. json.Keys.Select(n => files[n])] };
    }

    private static string Target(Dictionary<string, string> links, string name)
    {
        if (!links.TryGetValue(name, out var target)) return name;
        var parts = new List<string>(name.Split('/')[..^1]);
        foreach (var part in target.Split('/'))
        {
            if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or "..")) parts.Add(part);
        }

        return string.Join('/', parts);
    }

    private static T Parse<T>(Dictionary<string, byte[]> json, string name)
    {
        if (!json.TryGetValue(name, out var bytes)) throw new ArchiveFormatException($"{name} is missing, so this is no image as `docker save` writes it");
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, Options) ?? throw new ArchiveFormatException($"{name} is null");
        }
        catch (JsonException error)
        {
            throw new ArchiveFormatException($"{name} is broken: {error.Message}");
        }
    }

    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    private sealed record ManifestEntry(string? Config, IReadOnlyList<string>? RepoTags, IReadOnlyList<string>? Layers);

    private sealed record Configuration(RootFs? RootFs);

    private sealed record RootFs([property: System.Text.Json.Serialization.JsonPropertyName("diff_ids")] IReadOnlyList<string>? DiffIds);

    /// <summary>Counts what is read.</summary>
    private sealed class CountingStream(Stream source, CancellationToken cancellation) : Compression.ForwardStream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = source.Read(buffer);
            Count += read;
            return read;
        }
    }
}
