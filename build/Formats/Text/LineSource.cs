namespace Gfxbake.Formats.Text;

internal enum LineState
{
    Line,

    /// <summary>Longer than the limit; its start is given, the rest was passed over.</summary>
    TooLong,

    /// <summary>The last line has no newline: the log was cut off.</summary>
    CutOff,

    End,
}

/// <summary>Cuts a stream into lines inside one buffer of fixed size.</summary>
/// <param name="stream">What is read; whoever gave it closes it.</param>
/// <param name="most">Bytes of the longest line.</param>
internal sealed class LineSource(Stream stream, int most = LineSource.MostBytes)
{
    public const int MostBytes = 1 << 20;

    private readonly byte[] buffer = new byte[most + (1 << 16)];
    private int start;
    private int end;
    private int scanned;

    /// <param name="line">Without its newline; valid until the next call.</param>
    public LineState Next(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            int newline = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                int length = scanned + newline - start;
                line = buffer.AsSpan(start, length);
                start += length + 1;
                scanned = start;
                return length > most ? LineState.TooLong : LineState.Line;
            }
            scanned = end;
            if (end - start > most)
                return PassOver(out line);
            if (!Fill())
            {
                line = buffer.AsSpan(start, end - start);
                start = scanned = end;
                return line.IsEmpty ? LineState.End : LineState.CutOff;
            }
        }
    }

    private bool Fill()
    {
        if (start > 0)
        {
            Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
            end -= start;
            scanned -= start;
            start = 0;
        }
        int read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        return read > 0;
    }

    private LineState PassOver(out ReadOnlySpan<byte> line)
    {
        const int Kept = 256;
        buffer.AsSpan(start, Kept).CopyTo(buffer);
        Span<byte> rest = buffer.AsSpan(Kept);
        while (true)
        {
            int read = stream.Read(rest);
            int newline = rest[..read].IndexOf((byte)'\n');
            if (read == 0 || newline >= 0)
            {
                // The kept start and what follows the newline now share the buffer.
                line = buffer.AsSpan(0, Kept);
                start = scanned = Kept + (read == 0 ? 0 : newline + 1);
                end = Kept + read;
                return LineState.TooLong;
            }
        }
    }
}
