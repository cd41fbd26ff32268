using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Archives;

/// <summary>A file with an exported image, plain or compressed, and the file with its checksum beside it.</summary>
/// <param name="Path">Ends in .tar or .tar.zst.</param>
public sealed record ExportFile(string Path)
{
    public const string ChecksumEnding = ".sha256";

    private const int Sha256Digits = 64;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    public bool IsCompressed => Path.EndsWith(".zst", StringComparison.Ordinal);

    public string ChecksumPath => Path + ChecksumEnding;

    /// <summary>
    /// Writes an archive under a temporary name, reads it back as a loader would, and only then gives it its name, with the
    /// checksum beside it. The old file stays until then.
    /// </summary>
    /// <param name="fill">Writes the unpacked archive.</param>
    /// <param name="effort">How hard to compress, where the file is compressed.</param>
    /// <param name="check">Looks at what was read back; throws when it is not what was to be written.</param>
    /// <param name="cancellation">Looked at about once a mebibyte.</param>
    /// <returns>The length of the file in bytes and its SHA-256.</returns>
    /// <exception cref="ArchiveFormatException">What was read back is no whole image.</exception>
    public (long Bytes, string Sha256) Write(
        Action<Stream> fill,
        ZstdEffort effort,
        Action<ArchiveContents> check,
        CancellationToken cancellation = default
    )
    {
        long length = 0;
        var hash = "";
        AtomicFile.Write(
            Path,
            file =>
            {
                if (IsCompressed)
                {
                    using var packed = new ZstdWriteStream(file, effort, null);
                    fill(packed);
                    packed.Finish();
                }
                else
                {
                    fill(file);
                }

                file.Flush();
                length = file.Length;
                check(ReadBack(file, cancellation));
                file.Position = 0;
                hash = Convert.ToHexStringLower(SHA256.HashData(file));
                // Between the two renames there is no checksum rather than a wrong one.
                File.Delete(ChecksumPath);
            }
        );
        AtomicFile.WriteText(ChecksumPath, $"{hash}  {System.IO.Path.GetFileName(Path)}\n");
        return (length, hash);
    }

    /// <summary>Compares the file with its checksum, then reads all of it.</summary>
    /// <exception cref="ArchiveFormatException">The checksum is missing or another one, or the archive is damaged.</exception>
    public ArchiveContents Check(CancellationToken cancellation = default)
    {
        using var file = File.OpenRead(Path);
        var found = Convert.ToHexStringLower(SHA256.HashData(file));
        var wanted = ReadChecksum();
        return found == wanted
            ? ReadBack(file, cancellation)
            : throw new ArchiveFormatException($"its SHA-256 is {found}, and {System.IO.Path.GetFileName(ChecksumPath)} says {wanted}");
    }

    /// <summary>The unpacked archive.</summary>
    public Stream OpenUnpacked()
    {
        var file = File.OpenRead(Path);
        return IsCompressed ? new ZstdReadStream(file) : file;
    }

    private ArchiveContents ReadBack(Stream file, CancellationToken cancellation)
    {
        file.Position = 0;
        if (!IsCompressed)
            return DockerArchiveReader.Read(file, cancellation);
        try
        {
            using var unpacked = new ZstdReadStream(file);
            return DockerArchiveReader.Read(unpacked, cancellation);
        }
        catch (CompressionException error)
        {
            throw new ArchiveFormatException($"it can't be unpacked: {error.Message}");
        }
    }

    private string ReadChecksum()
    {
        var name = System.IO.Path.GetFileName(ChecksumPath);
        if (!File.Exists(ChecksumPath))
            throw new ArchiveFormatException($"{name} is missing beside it; get it from where the archive came from");
        using var stream = File.OpenRead(ChecksumPath);
        var bytes = new byte[Sha256Digits];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length || bytes.AsSpan().ContainsAnyExcept(Digits))
            throw new ArchiveFormatException($"{name} does not start with {Sha256Digits} hexadecimal digits");
        return Encoding.ASCII.GetString(bytes);
    }
}
