using System.Security.Cryptography;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Pipeline.Staging;

/// <summary>
/// A file that is hashed while it is read: the digest is of the bytes that the reader got, whoever changes the file meanwhile.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class HashedFile(string path) : ForwardStream
{
    private readonly FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many were read so far.</summary>
    public long Bytes { get; private set; }

    public override bool CanRead => true;

    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(buffer);
        hash.AppendData(buffer[..read]);
        Bytes += read;
        return read;
    }

    /// <summary>Reads what the reader left, and gives the SHA-256 of all.</summary>
    public string Finish()
    {
        var rest = new byte[1 << 16];
        while (Read(rest) > 0)
        {
            // The digest is all that is wanted.
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
