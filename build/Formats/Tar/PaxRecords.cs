using System.Buffers.Text;
using System.Text;

namespace Gfxbake.Formats.Tar;

/// <summary>What a PAX extended header says about the next entry; null where it says nothing.</summary>
internal sealed class PaxRecords
{
    // The prefix that Go's archive/tar, GNU tar and libarchive share. libarchive repeats each attribute under
    // LIBARCHIVE.xattr, in base 64, which is therefore ignored.
    public const string XattrPrefix = "SCHILY.xattr.";

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public byte[]? Path { get; private set; }

    public byte[]? LinkPath { get; private set; }

    public long? Size { get; private set; }

    public long? Uid { get; private set; }

    public long? Gid { get; private set; }

    public long? MTime { get; private set; }

    public Dictionary<string, byte[]>? Xattrs { get; private set; }

    /// <summary>Reads "length key=value\n" records; values may hold any byte. Returns what is wrong, or null.</summary>
    public string? Read(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (
                !Utf8Parser.TryParse(data, out uint length, out var digits)
                || digits + 1 >= length
                || length > data.Length
                || data[digits] != ' '
                || data[(int)length - 1] != '\n'
            )
            {
                return "a PAX record with a wrong length";
            }

            var record = data[(digits + 1)..((int)length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                return "a PAX record without a key";

            if (Apply(record[..equals], record[(equals + 1)..]) is { } problem)
            {
                return problem;
            }

            data = data[(int)length..];
        }

        return null;
    }

    private string? Apply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.StartsWith("SCHILY.xattr."u8))
            return ApplyXattr(key[XattrPrefix.Length..], value);

        if (key.StartsWith("GNU.sparse."u8))
            return "a GNU sparse file, which no container engine exports";

        // POSIX: an empty value takes an earlier record back.
        var bytes = value.IsEmpty ? null : value.ToArray();
        if (key.SequenceEqual("path"u8))
            Path = bytes;
        else if (key.SequenceEqual("linkpath"u8))
            LinkPath = bytes;
        else
            return ApplyNumber(Encoding.UTF8.GetString(key), value);

        return null;
    }

    private string? ApplyNumber(string key, ReadOnlySpan<byte> value)
    {
        if (key is not ("size" or "uid" or "gid" or "mtime"))
        {
            return null;
        }

        var number = key == "mtime" ? Seconds(value) : Whole(value);
        if (number is null && !value.IsEmpty)
            return $"a PAX record '{key}' that is no number";

        (Size, Uid, Gid, MTime) = key switch
        {
            "size" => (number, Uid, Gid, MTime),
            "uid" => (Size, number, Gid, MTime),
            "gid" => (Size, Uid, number, MTime),
            _ => (Size, Uid, Gid, number),
        };
        return null;
    }

    private string? ApplyXattr(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // The kernel's limit for a name, XATTR_NAME_MAX.
        if (name.Length is 0 or > 255 || name.Contains((byte)0))
            return "an extended attribute whose name is empty, too long or holds a NUL";

        try
        {
            (Xattrs ??= new(StringComparer.Ordinal))[StrictUtf8.GetString(name)] = value.ToArray();
            return null;
        }
        catch (DecoderFallbackException)
        {
            return "an extended attribute whose name isn't UTF-8";
        }
    }

    private static long? Whole(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length && text[0] != '+' ? number : null;

    // Times may carry a fraction and a sign; a time before 1970 with a fraction rounds down, as stat() shows it.
    private static long? Seconds(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out long seconds, out var used) || text[0] == '+')
        {
            return null;
        }

        var rest = text[used..];
        if (rest.IsEmpty)
        {
            return seconds;
        }

        var fraction = rest[1..];
        if (rest[0] != '.' || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        return text[0] == '-' && fraction.ContainsAnyExcept((byte)'0') && seconds > long.MinValue ? seconds - 1 : seconds;
    }
}
