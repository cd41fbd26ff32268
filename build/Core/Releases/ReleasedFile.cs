using System.Security.Cryptography;

namespace Gfxbake.Core.Releases;

/// <summary>A file of a release, whole or in parts.</summary>
/// <param name="Name">As people get to see it.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Sha256">Of the whole file.</param>
/// <param name="Parts">What is uploaded: one part of the same name when the file is small enough.</param>
public sealed record ReleasedFile(string Name, string Path, long Length, string Sha256, IReadOnlyList<ReleasePart> Parts)
{
    /// <summary>"Each file included in a release must be under 2 GiB": https://docs.github.com/repositories/releasing-projects-on-github/about-releases.</summary>
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
        var buffer = new byte[Buffer];
        for (var i = 0; i < count; i++)
        {
            var offset = i * largest;
            var size = Math.Min(largest, length - offset);
            using var part = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var left = size; left > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                var read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
                if (read == 0) throw new EndOfStreamException($"{path} became shorter while it was read");
                whole.AppendData(buffer, 0, read);
                part.AppendData(buffer, 0, read);
                left -= read;
                progress?.Report(offset + size - left);
            }

            parts.Add(new ReleasePart(count == 1 ? name : ReleaseNames.Part(name, i + 1, count), path, offset, size, Convert.ToHexStringLower(part.GetHashAndReset())));
        }

        return new ReleasedFile(name, path, length, Convert.ToHexStringLower(whole.GetHashAndReset()), parts);
    }
}

/// <summary>A run of a file's bytes that is uploaded as one asset.</summary>
/// <param name="Name">The asset's name.</param>
/// <param name="Path">The file that the bytes are in.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Sha256">Of these bytes.</param>
public sealed record ReleasePart(string Name, string Path, long Offset, long Length, string Sha256);
