using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Gfxbake.Formats.Strace;

/// <summary>Turns the bytes of a Linux path into a string and back without loss.</summary>
/// <remarks>
/// UTF-8, but each byte b that is no part of valid UTF-8 becomes the lone low surrogate U+DC00+b, as Python's surrogateescape
/// does. Valid UTF-8 never yields a lone surrogate, so no two paths meet in one string. Such a string must not be written as
/// UTF-8 by the ordinary encoders: they replace the surrogate or throw.
/// </remarks>
public static class PathText
{
    private const char EscapeBase = '\uDC00';

    public static string FromBytes(ReadOnlySpan<byte> path)
    {
        char[] rented = ArrayPool<char>.Shared.Rent(path.Length);
        try
        {
            var written = 0;
            while (!path.IsEmpty)
            {
                OperationStatus status = Utf8.ToUtf16(
                    path,
                    rented.AsSpan(written),
                    out int read,
                    out int chars,
                    replaceInvalidSequences: false
                );
                path = path[read..];
                written += chars;
                if (status != OperationStatus.Done && !path.IsEmpty)
                {
                    rented[written++] = (char)(EscapeBase + path[0]);
                    path = path[1..];
                }
            }
            return new string(rented, 0, written);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    /// <exception cref="ArgumentException">The string has a lone surrogate that <see cref="FromBytes"/> can't have made.</exception>
    public static byte[] ToBytes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var bytes = new List<byte>(path.Length + 8);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < path.Length; )
        {
            if (Rune.TryGetRuneAt(path, i, out Rune rune))
            {
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
                i += rune.Utf16SequenceLength;
            }
            else if (path[i] is >= '\uDC80' and <= '\uDCFF')
            {
                bytes.Add((byte)(path[i++] - EscapeBase));
            }
            else
            {
                throw new ArgumentException($"character {i} is a lone surrogate that stands for no byte", nameof(path));
            }
        }
        return [.. bytes];
    }
}
