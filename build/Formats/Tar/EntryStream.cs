using Microsoft.Win32.SafeHandles;

namespace Gfxbake.Formats.Tar;

/// <summary>The content of one entry, read at its place in the export; has its own position and nothing else.</summary>
internal sealed class EntryStream(SafeFileHandle file, string export, ImageEntry entry) : Stream
{
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => entry.Size;

    public override long Position
    {
        get => position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, entry.Size - position));
        if (wanted == 0)
        {
            return 0;
        }

        var read = RandomAccess.Read(file, buffer[..wanted], entry.DataOffset + position);
        return Advance(read);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, entry.Size - position));
        return wanted == 0
            ? 0
            : Advance(
                await RandomAccess.ReadAsync(file, buffer[..wanted], entry.DataOffset + position, cancellationToken).ConfigureAwait(false)
            );
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) =>
        Position =
            offset
            + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => position,
                _ => entry.Size,
            };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Advance(int read)
    {
        if (read == 0)
            throw new ImageFormatException(export, entry.DataOffset + position, $"the export became shorter while '{entry.Path}' was read");

        position += read;
        return read;
    }
}
