using System.Buffers;
using System.Security.Cryptography;

namespace Gfxbake.Pipeline.Full;

/// <summary>SHA-256 of long streams: large reads, and an end when the build is interrupted.</summary>
public static class ContentDigest
{
    private const int ReadBytes = 1 << 20;

    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="OperationCanceledException">The build was interrupted.</exception>
    public static string Sha256(Stream content, CancellationToken cancellation = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            for (int read; (read = content.Read(buffer, 0, ReadBytes)) > 0; )
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
