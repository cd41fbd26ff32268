using System.Security.Cryptography;

namespace Gfxbake.Formats.Tar;

/// <summary>Gathers a tar in blocks of 1 MiB, then hashes and writes each.</summary>
internal sealed class TarOutput(Stream output, IProgress<long>? progress, CancellationToken cancellation) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[1 << 20];
    private int used;
    private long flushed;

    /// <summary>Bytes written so far.</summary>
    public long Length => flushed + used;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, buffer.Length - used)];
            part.CopyTo(buffer.AsSpan(used));
            Took(part.Length);
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Copies exactly <paramref name="size"/> bytes and pads them to a whole block.</summary>
    public void WriteContent(Stream content, long size, string path)
    {
        for (var left = size; left > 0; )
        {
            var read = content.Read(buffer.AsSpan(used, (int)Math.Min(left, buffer.Length - used)));
            if (read == 0)
            {
                throw new EndOfStreamException(
                    $"'{path}': the content ended {left} bytes before its length of {size}; make the image again."
                );
            }

            left -= read;
            Took(read);
        }

        Pad();
    }

    public void Pad() => Write(new byte[-Length & (TarHeader.BlockSize - 1)]);

    /// <summary>Writes what is left and returns the SHA-256 of everything, in hexadecimal.</summary>
    public string Finish()
    {
        Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => hash.Dispose();

    private void Took(int bytes)
    {
        used += bytes;
        if (used == buffer.Length)
            Flush();
    }

    private void Flush()
    {
        cancellation.ThrowIfCancellationRequested();
        hash.AppendData(buffer, 0, used);
        output.Write(buffer, 0, used);
        flushed += used;
        used = 0;
        progress?.Report(flushed);
    }
}
