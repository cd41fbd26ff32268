namespace Gfxbake.Formats.Strace;

/// <summary>Makes absolute, normal paths out of strace's escaped text and interns them.</summary>
/// <remarks>A directory is kept as bytes without a trailing slash, so the root is empty.</remarks>
internal sealed class PathBuilder
{
    /// <summary>A path longer than the kernel's PATH_MAX can't have been given to a call.</summary>
    private const int LongestArgument = 4096;

    /// <summary>
    /// A working directory may be deeper than PATH_MAX, but one this long comes from 'chdir("..")' going round and round.
    /// </summary>
    private const int LongestDirectory = 4 * LongestArgument;

    private readonly PathCache absolute = new();
    private readonly PathCache joined = new();
    private readonly byte[] raw = new byte[LongestArgument];
    private readonly byte[] built = new byte[LongestDirectory + LongestArgument + 2];
    private readonly byte[] annotated = new byte[LongestArgument + 2];

    /// <summary>The path of an escaped text against a directory, which an absolute one ignores; null when damaged or too long.</summary>
    public string? Resolve(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> directory)
    {
        bool isAbsolute = IsAbsolute(escaped);
        if (isAbsolute && absolute.Find(escaped) is { } known)
        {
            return known;
        }
        int length = Build(escaped, directory, built);
        if (length < 0)
        {
            return null;
        }
        ReadOnlySpan<byte> bytes = length == 0 ? "/"u8 : built.AsSpan(0, length);
        string? path = joined.Find(bytes);
        if (path is null)
        {
            path = PathText.FromBytes(bytes);
            joined.Keep(bytes, path);
        }
        if (isAbsolute)
            absolute.Keep(escaped, path);
        return path;
    }

    /// <summary>The same as a directory's bytes; null also when it grows too long.</summary>
    public byte[]? ResolveDirectory(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> directory)
    {
        int length = Build(escaped, directory, built);
        return length is < 0 or > LongestDirectory ? null : built.AsSpan(0, length).ToArray();
    }

    /// <summary>Decodes the absolute path of a descriptor's annotation, good until the next call; false when it is damaged.</summary>
    public bool TryDirectory(ReadOnlySpan<byte> escaped, out ReadOnlySpan<byte> directory)
    {
        int length = Build(escaped, [], annotated);
        directory = length < 0 ? [] : annotated.AsSpan(0, length);
        return length >= 0;
    }

    /// <summary>A directory's own path.</summary>
    public static string Name(ReadOnlySpan<byte> directory) => directory.IsEmpty ? "/" : PathText.FromBytes(directory);

    public static bool IsAbsolute(ReadOnlySpan<byte> escaped) => !escaped.IsEmpty && escaped[0] == '/';

    private int Build(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> directory, Span<byte> output)
    {
        int length = EscapedText.Decode(escaped, raw);
        if (length < 0)
            return -1;
        ReadOnlySpan<byte> rest = raw.AsSpan(0, length);
        var written = 0;
        if (!IsAbsolute(rest))
        {
            directory.CopyTo(output);
            written = directory.Length;
        }
        while (!rest.IsEmpty)
        {
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> part = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? [] : rest[(slash + 1)..];
            if (part.IsEmpty || part is [(byte)'.'])
                continue;
            output[written++] = (byte)'/';
            part.CopyTo(output[written..]);
            written += part.Length;
        }
        return written;
    }
}
