using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Archives;

/// <summary>
/// Reads a docker-archive from its first byte to its last and checks that its layers are those that its configuration names.
/// </summary>
/// <remarks>
/// Format: the Docker Image Specification v1.2: a tar with manifest.json, the configuration that it names, and a tar for each layer.
/// The configuration's rootfs.diff_ids are the layers' SHA-256, unpacked. Nothing but the JSON files is held in memory. What passes is read
/// by every engine as it is read here: see ArchiveTar, ArchiveDocuments and ArchiveIndex.
/// </remarks>
public static partial class DockerArchiveReader
{
    // Ten times a full image of ROCm: what a few bytes of a .tar.zst may unpack to before somebody must have noticed.
    private const long MostBytes = 64L << 30;

    private const string Manifest = "manifest.json",
        Blobs = "blobs/sha256/";

    /// <param name="archive">The unpacked archive; is read forward to its end.</param>
    /// <param name="cancellation">Looked at once an entry and a mebibyte.</param>
    /// <exception cref="ArchiveFormatException">It is cut off, damaged, not what it says, or could be read otherwise.</exception>
    public static ArchiveContents Read(Stream archive, CancellationToken cancellation = default) => Read(archive, MostBytes, cancellation);

    /// <param name="archive">The unpacked archive; is read forward to its end.</param>
    /// <param name="mostBytes">How long it may be.</param>
    /// <param name="cancellation">Looked at once an entry and a mebibyte.</param>
    public static ArchiveContents Read(Stream archive, long mostBytes, CancellationToken cancellation = default)
    {
        var counted = new CountingStream(archive, mostBytes, cancellation);
        var files = new Dictionary<string, ArchivedFile>(StringComparer.Ordinal);
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        var documents = new ArchiveDocuments();
        try
        {
            var tar = new ArchiveTar(counted);
            while (tar.Next() is { } item)
            {
                if (item.Target is { } target)
                    links.Add(item.Name, target);
                else if (item.Content is not null)
                    files.Add(item.Name, Take(item, documents));
            }
        }
        catch (InvalidDataException error)
        {
            throw new ArchiveFormatException($"a layer can't be unpacked: {error.Message}");
        }

        return Check(files, documents, links, counted.Count);
    }

    private static ArchivedFile Take(ArchiveItem item, ArchiveDocuments documents)
    {
        var content = item.Content!;
        // docker 25 and later write the configuration under OCI's name, blobs/sha256/<digest>, which no ending tells from a layer.
        if (documents.Fits(item.Length))
        {
            var bytes = new byte[item.Length];
            content.ReadExactly(bytes);
            documents.Add(item.Name, bytes);
            content = new MemoryStream(bytes);
        }

        var file = Digests(content, item.Length);
        return !item.Name.StartsWith(Blobs, StringComparison.Ordinal) || item.Name == Blobs + file.Sha256
            ? file
            : throw new ArchiveFormatException($"{item.Name} has the digest {file.Sha256}");
    }

    private static ArchivedFile Digests(Stream content, long length)
    {
        using var sha256 = SHA256.Create();
        using var stored = new CryptoStream(content, sha256, CryptoStreamMode.Read, leaveOpen: true);
        var (tar, packed) = LayerContent.Open(stored);
        var unpacked = packed ? Convert.ToHexStringLower(SHA256.HashData(tar)) : null;
        tar.CopyTo(Stream.Null);
        stored.CopyTo(Stream.Null);
        var digest = Convert.ToHexStringLower(sha256.Hash!);
        return new ArchivedFile(digest, unpacked ?? digest, length);
    }

    private static ArchiveContents Check(
        Dictionary<string, ArchivedFile> files,
        ArchiveDocuments documents,
        Dictionary<string, string> links,
        long bytes
    )
    {
        if (documents.Read(Manifest) is not { ValueKind: System.Text.Json.JsonValueKind.Array } images || images.GetArrayLength() != 1)
            throw new ArchiveFormatException($"{Manifest} does not describe exactly one image");
        var image = ArchiveDocuments.Values(images[0], Manifest);
        if (
            ArchiveDocuments.Text(image, "Config", Manifest) is not { } configName
            || ArchiveDocuments.Texts(image, "Layers", Manifest) is not { } names
        )
        {
            throw new ArchiveFormatException($"{Manifest} does not describe exactly one image");
        }

        var tags = ArchiveDocuments.Texts(image, "RepoTags", Manifest) ?? [];
        if (tags.FirstOrDefault(t => !Tag().IsMatch(t)) is { } odd)
            throw new ArchiveFormatException($"{Manifest} has the name '{PlainText.Visible(odd)}', which is none for an image");
        if (!files.TryGetValue(configName, out var config))
            throw new ArchiveFormatException($"the configuration {PlainText.Visible(configName)} is missing");

        var layerFiles = names.Select(n => links.GetValueOrDefault(n, n)).ToList();
        var layers = CheckLayers(files, layerFiles, names, DiffIds(documents, configName));
        if (links.FirstOrDefault(l => !files.ContainsKey(l.Value)) is { Key: { } link })
            throw new ArchiveFormatException($"the link {link} leads to no file");
        ArchiveIndex.Check(documents, config.Sha256, layerFiles);
        foreach (var (name, file) in files.Where(f => !documents.Has(f.Key) && !layerFiles.Contains(f.Key)))
            throw new ArchiveFormatException($"the entry {name} holds {file.Length:N0} bytes that no part of the image needs");
        var digests = documents.Names.Select(n => files[n].Sha256);
        return new ArchiveContents(config.Sha256, tags, layers, bytes) { LayerFiles = layerFiles, Documents = [.. digests] };
    }

    private static IReadOnlyList<string> DiffIds(ArchiveDocuments documents, string configName)
    {
        var config = ArchiveDocuments.Values(documents.Read(configName), configName);
        return
            config.TryGetValue("rootfs", out var rootfs)
            && ArchiveDocuments.Texts(ArchiveDocuments.Values(rootfs, configName), "diff_ids", configName) is { } ids
            ? ids
            : throw new ArchiveFormatException($"{configName} names no layers");
    }

    private static List<string> CheckLayers(
        Dictionary<string, ArchivedFile> files,
        List<string> targets,
        IReadOnlyList<string> names,
        IReadOnlyList<string> wanted
    )
    {
        if (wanted.Count != names.Count)
            throw new ArchiveFormatException($"{Manifest} has {names.Count} layers, the configuration {wanted.Count}");
        var layers = targets
            .Zip(
                names,
                (t, n) =>
                    files.GetValueOrDefault(t)?.Unpacked ?? throw new ArchiveFormatException($"the layer {PlainText.Visible(n)} is missing")
            )
            .ToList();
        foreach (var (found, expected, name) in layers.Zip(wanted, names))
        {
            if ("sha256:" + found != expected)
                throw new ArchiveFormatException($"the layer {name} has the digest {found}, and the configuration wants {expected}");
        }

        return layers;
    }

    // A name is given to engines as a word of a command; none may look like an option.
    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9._:/@-]*\z")]
    private static partial Regex Tag();

    /// <param name="Sha256">Of the bytes as the archive has them.</param>
    /// <param name="Unpacked">SHA-256 of what they unpack to.</param>
    /// <param name="Length">Bytes as the archive has them.</param>
    private sealed record ArchivedFile(string Sha256, string Unpacked, long Length);

    /// <summary>Counts what is read.</summary>
    private sealed class CountingStream(Stream source, long mostBytes, CancellationToken cancellation) : ForwardStream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = source.Read(buffer);
            Count += read;
            return Count <= mostBytes ? read : throw new ArchiveFormatException($"the archive unpacks to more than {mostBytes:N0} bytes");
        }
    }
}
