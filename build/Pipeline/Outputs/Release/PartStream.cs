namespace Gfxbake.Pipeline.Outputs.Release;

/// <summary>Reads one part of a file from its place, a buffer at a time.</summary>
public sealed class PartStream : Stream
{
    private readonly ReleasePart part;
    private readonly FileStream file;
    private readonly IProgress<long>? progress;

    private long position;

    /// <param name="part">What to read.</param>
    /// <param name="progress">Gets the bytes read so far.</param>
    public PartStream(ReleasePart part, IProgress<long>? progress = null)
    {
        (this.part, this.progress) = (part, progress);
        file = new FileStream(part.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1) { Position = part.Offset };
    }

    public override bool CanRead => true;

    // A length that is known becomes Content-Length, which GitHub wants.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => part.Length;

    public override long Position
    {
        get => position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Count(file.Read(buffer[..Bound(buffer.Length)]));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await file.ReadAsync(buffer[..Bound(buffer.Length)], cancellationToken).ConfigureAwait(false));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target =
            offset
            + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => position,
                _ => part.Length,
            };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        file.Position = part.Offset + target;
        return position = target;
    }

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private int Bound(int wanted) => (int)Math.Min(wanted, Math.Max(0, part.Length - position));

    private int Count(int read)
    {
        position += read;
        progress?.Report(position);
        return read;
    }
}
