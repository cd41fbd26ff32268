using Microsoft.Win32.SafeHandles;

namespace Gfxbake.Formats.Tar;

/// <summary>A position in a tar that moves by whole blocks.</summary>
internal sealed class TarBlocks(SafeFileHandle file)
{
    private const int PageSize = 4096;

    private readonly long length = RandomAccess.GetLength(file);
    private readonly byte[] page = new byte[PageSize];
    private long pageStart = -1;
    private int pageBytes;

    /// <summary>Bytes from the start of the tar, a multiple of 512.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes from here to the end of the file.</summary>
    public long Left => length - Position;

    /// <summary>The block here, valid until the next call, and moves on; false when the file ends before the block does.</summary>
    public bool TryRead(out ReadOnlySpan<byte> block)
    {
        // Whole pages: the blocks around a header are often headers too, and a page is what the kernel reads anyway.
        var start = Position & ~(PageSize - 1L);
        if (start != pageStart)
        {
            pageBytes = ReadAt(start, page);
            pageStart = start;
        }

        var within = (int)(Position - start);
        block = within + TarHeader.BlockSize <= pageBytes ? page.AsSpan(within, TarHeader.BlockSize) : default;
        Position += block.Length;
        return !block.IsEmpty;
    }

    /// <summary>Moves over content and its padding without reading them; false when the file ends before.</summary>
    public bool TrySkip(long size)
    {
        var padding = -size & (TarHeader.BlockSize - 1);
        if (padding > Left - size)
        {
            return false;
        }

        Position += size + padding;
        return true;
    }

    /// <summary>Fills the buffer from an offset; returns less than its length only at the end of the file.</summary>
    public int ReadAt(long offset, Span<byte> buffer)
    {
        var done = 0;
        for (int read; done < buffer.Length && (read = RandomAccess.Read(file, buffer[done..], offset + done)) > 0; )
            done += read;

        return done;
    }
}
