using System.Security.Cryptography;

namespace Gfxbake.Pipeline.Outputs.Release;

/// <summary>A file of a release, whole or in parts.</summary>
/// <param name="Name">As people get to see it.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Sha256">Of the whole file.</param>
/// <param name="Parts">What is uploaded: one part of the same name when the file is small enough.</param>
public sealed record ReleasedFile(string Name, string Path, long Length, string Sha256, IReadOnlyList<ReleasePart> Parts)
{
    /// <summary>
    /// "Each file included in a release must be under 2 GiB":
    /// https://docs.github.com/repositories/releasing-projects-on-github/about-releases.
    /// </summary>
    public const long LargestAsset = (2L << 30) - 1;

    private const int Buffer = 1 << 20;

    public bool IsSplit => Parts.Count > 1;

    /// <summary>Reads a file once, for the checksums of its parts and of the whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="largest">Bytes of the largest part.</param>
    /// <param name="progress">Gets the bytes read so far.</param>
    /// <param name="cancellation">Looked at once a mebibyte.</param>
    public static ReleasedFile Read(string path, long largest, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(largest, 1);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var (name, length) = (ReleaseNames.Asset(System.IO.Path.GetFileName(path)), file.Length);
        var count = (int)Math.Max(1, (length + largest - 1) / largest);
        var parts = new List<ReleasePart>();
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < count; i++)
        {
            var offset = i * largest;
            var part = new ReleasePart(
                count == 1 ? name : ReleaseNames.Part(name, i + 1, count),
                path,
                offset,
                Math.Min(largest, length - offset),
                ""
            );
            parts.Add(part with { Sha256 = Hash(file, part, whole, progress, cancellation) });
        }

        // A single part's hash is the whole's, so it is not computed twice.
        var sha256 = count == 1 ? parts[0].Sha256 : Convert.ToHexStringLower(whole.GetHashAndReset());
        return new ReleasedFile(name, path, length, sha256, parts);
    }

    private static string Hash(
        FileStream file,
        ReleasePart part,
        IncrementalHash whole,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Buffer];
        for (var left = part.Length; left > 0; )
        {
            cancellation.ThrowIfCancellationRequested();
            var read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
                throw new EndOfStreamException($"{part.Path} became shorter while it was read");
            hash.AppendData(buffer, 0, read);
            if (part.Length < file.Length)
                whole.AppendData(buffer, 0, read);
            left -= read;
            progress?.Report(part.Offset + part.Length - left);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>A run of a file's bytes that is uploaded as one asset.</summary>
/// <param name="Name">The asset's name.</param>
/// <param name="Path">The file that the bytes are in.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Sha256">Of these bytes.</param>
public sealed record ReleasePart(string Name, string Path, long Offset, long Length, string Sha256);
