using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Hashes the files of layers, each content once, on all cores.</summary>
internal static class LayerDigests
{
    private const int BufferBytes = 1 << 18;

    /// <summary>The files of all layers by path; where two layers have one, the upper's.</summary>
    public static IReadOnlyDictionary<string, SbomFile> Of(IReadOnlyList<ImageFileSystem> layers, CancellationToken cancellation)
    {
        var top = new Dictionary<string, (ImageFileSystem Layer, ImageEntry File)>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            foreach (var entry in layer.Entries.Where(e => e.Kind is EntryKind.File or EntryKind.HardLink))
                top[entry.Path] = (layer, entry);
        }

        var digests = new ConcurrentDictionary<(ImageFileSystem, long), (string, string)>();

        // The largest first, so that no core is left alone with it at the end.
        var contents = top.Values.DistinctBy(f => (f.Layer, f.File.DataOffset)).OrderByDescending(f => f.File.Size).ToList();
        Parallel.ForEach(
            Partitioner.Create(contents, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation },
            file => digests[(file.Layer, file.File.DataOffset)] = Hash(file.Layer, file.File, cancellation)
        );
        return top.ToDictionary(
            f => f.Key,
            f => File(f.Key, f.Value.File, digests[(f.Value.Layer, f.Value.File.DataOffset)]),
            StringComparer.Ordinal
        );
    }

    private static SbomFile File(string path, ImageEntry file, (string Sha1, string Sha256) digest) =>
        new(path, file.Size, digest.Sha1, digest.Sha256);

    private static (string Sha1, string Sha256) Hash(ImageFileSystem layer, ImageEntry file, CancellationToken cancellation)
    {
        // Not for security: SPDX 2.3 demands it of every file.
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var content = layer.OpenFile(file);
        var buffer = new byte[(int)Math.Clamp(file.Size, 1, BufferBytes)];
        for (int read; (read = content.Read(buffer)) > 0; cancellation.ThrowIfCancellationRequested())
        {
            sha1.AppendData(buffer, 0, read);
            sha256.AppendData(buffer, 0, read);
        }

        return (Convert.ToHexStringLower(sha1.GetHashAndReset()), Convert.ToHexStringLower(sha256.GetHashAndReset()));
    }
}
