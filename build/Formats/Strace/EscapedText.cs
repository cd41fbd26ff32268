using System.Buffers;

namespace Gfxbake.Formats.Strace;

/// <summary>Undoes the C escapes that strace writes in quoted strings and in the annotations of descriptors.</summary>
/// <remarks>
/// strace writes \" \\ \f \n \r \t \v, other bytes outside ASCII's printable ones as one to three octal digits, and with
/// -x as \xHH; in annotations also &lt; as \74 and > as \76.
/// </remarks>
internal static class EscapedText
{
    // A path never holds NUL, and strace escapes all control characters: seeing one means the line is damaged.
    private static readonly SearchValues<byte> Special = SearchValues.Create([
        (byte)'\\',
        0x7f,
        .. Enumerable.Range(0, 32).Select(b => (byte)b),
    ]);

    /// <returns>
    /// The number of bytes written, or -1 for an escape or byte that strace doesn't write, a NUL, or too small an output.
    /// </returns>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> output)
    {
        var written = 0;
        while (true)
        {
            int plain = text.IndexOfAny(Special);
            ReadOnlySpan<byte> run = plain < 0 ? text : text[..plain];
            if (!run.TryCopyTo(output[written..]))
                return -1;
            written += run.Length;
            if (plain < 0)
            {
                return written;
            }
            int value = DecodeOne(text = text[plain..], out int used);
            if (value is <= 0 or > 255 || written == output.Length)
                return -1;
            output[written++] = (byte)value;
            text = text[used..];
        }
    }

    private static int DecodeOne(ReadOnlySpan<byte> text, out int used)
    {
        used = 2;
        if (text[0] != '\\' || text.Length < 2)
            return -1;
        switch (text[1])
        {
            case (byte)'\\' or (byte)'"' or (byte)'\'':
                return text[1];
            case (byte)'f':
                return '\f';
            case (byte)'n':
                return '\n';
            case (byte)'r':
                return '\r';
            case (byte)'t':
                return '\t';
            case (byte)'v':
                return '\v';
            case (byte)'x':
                used = 4;
                return text.Length < 4 ? -1 : (Hex(text[2]) << 4) | Hex(text[3]);
            default:
                return Octal(text[1..], out used);
        }
    }

    private static int Octal(ReadOnlySpan<byte> text, out int used)
    {
        var value = 0;
        var digits = 0;
        while (digits < 3 && digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'7')
            value = (value << 3) | (text[digits++] - '0');
        used = digits + 1;
        return digits == 0 ? -1 : value;
    }

    private static int Hex(byte digit) =>
        digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            _ => int.MinValue,
        };
}
