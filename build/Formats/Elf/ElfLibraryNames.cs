using System.Buffers;
using System.Text;

namespace Gfxbake.Formats.Elf;

/// <summary>Finds strings that look like library names in a program's data: what it may dlopen by name.</summary>
/// <remarks>
/// A name is [A-Za-z0-9_+.-]+\.so(\.[0-9]+)* between a NUL or '/' and a NUL. After '/' the bare name counts, because
/// programs glue directory and name together ("%s/libfoo.so") and linkers merge a string into the tail of a longer one;
/// where the whole string is an absolute path, that counts as well.
/// </remarks>
public static class ElfLibraryNames
{
    /// <summary>The names, distinct, in ordinal order. Only data is read: gigabytes of GPU code in .hip_fatbin cost nothing.</summary>
    /// <exception cref="ElfFormatException">A dlopen note is malformed, or there are tens of thousands of names.</exception>
    public static IReadOnlyList<string> Find(Stream stream, ElfFile elf)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (elf.IsForeign)
            return [];

        var bytes = new ElfBytes(stream);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            foreach (var (offset, size) in Ranges(stream, elf))
                Scan(bytes, offset, size, buffer, names);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        names.UnionWith(DlopenNotes.Read(stream, elf));
        return [.. names];
    }

    /// <summary>Whole strings of a program's data, letters, digits and '_', that begin with some text: names that it looks up.</summary>
    /// <exception cref="ElfFormatException">The file is malformed.</exception>
    public static IReadOnlyList<string> Words(Stream stream, ElfFile elf, string start)
    {
        var words = new SortedSet<string>(StringComparer.Ordinal);
        var wanted = Encoding.ASCII.GetBytes("\0" + start);
        foreach (var (offset, size) in Ranges(stream, elf))
        {
            var bytes = new byte[size];
            stream.Position = offset;
            stream.ReadExactly(bytes);
            for (var at = 0; bytes.AsSpan(at).IndexOf(wanted) is >= 0 and var found; )
            {
                at += found + 1;
                var word = bytes.AsSpan(at);
                var length = word.IndexOfAnyExcept(WordBytes);
                // The start alone is what a program puts before names.
                if (length > start.Length && length <= LongestName && word[length] == 0)
                    words.Add(Encoding.ASCII.GetString(word[..length]));
            }
        }

        return [.. words];
    }

    private static readonly SearchValues<byte> WordBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8
    );

    private const int ChunkSize = 1 << 20,
        LongestName = 255,
        LongestString = 1024,
        MostNames = 65_536;
    private const long MostUnsectionedBytes = 64L << 20;
    private const ulong Allocated = 2,
        Executable = 4;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+.-"u8
    );

    private static IEnumerable<(long Offset, long Size)> Ranges(Stream stream, ElfFile elf)
    {
        var sections = ElfSections.Read(stream, elf);
        if (sections.Any(s => s.Size > 0))
            return sections.Where(HoldsStrings).Select(s => (s.Offset, s.Size));

        var left = MostUnsectionedBytes;
        var ranges = new List<(long, long)>();
        foreach (var load in elf.Segments.Where(s => s.Type == ElfSegment.Load && !s.IsExecutable && s.FileSize > 0))
        {
            var size = Math.Min(left, load.FileSize);
            left -= size;
            ranges.Add((load.Offset, size));
        }

        return ranges;
    }

    private static bool HoldsStrings(ElfSection section)
    {
        string[] kinds = [".rodata", ".data", ".lrodata", ".ldata"];
        return section.Type == ElfSection.ProgramBits
            && section.Size > 0
            && (section.Flags & (Allocated | Executable)) == Allocated
            && Array.Exists(kinds, k => section.Name == k || section.Name.StartsWith(k + ".", StringComparison.Ordinal));
    }

    private static void Scan(ElfBytes bytes, long offset, long size, byte[] buffer, SortedSet<string> names)
    {
        // The window keeps the end of the last chunk, so that a name across the seam is seen whole.
        // One NUL stands before the first byte: a section starts with the start of a string.
        buffer[0] = 0;
        var carried = 1;
        for (long done = 0; done < size; )
        {
            var room = (int)Math.Min(ChunkSize - carried, size - done);
            var got = bytes.ReadSome(offset + done, buffer.AsSpan(carried, room));
            done += got;
            var window = buffer.AsSpan(0, carried + got);
            ScanWindow(window, names);
            if (names.Count > MostNames)
            {
                throw new ElfFormatException(
                    offset + done,
                    $"more than {MostNames} library names, which no program has",
                    (ulong)names.Count
                );
            }

            if (got < room)
                return;

            carried = Math.Min(window.Length, LongestString);
            window[^carried..].CopyTo(buffer);
        }
    }

    private static void ScanWindow(ReadOnlySpan<byte> window, SortedSet<string> names)
    {
        for (var at = 0; ; )
        {
            var hit = window[at..].IndexOf(".so"u8);
            if (hit < 0)
                return;

            at += hit + 3;
            var end = SkipVersion(window, at);
            if (end < window.Length && window[end] == 0)
                AddName(window[..end], at - 3, names);
        }
    }

    private static int SkipVersion(ReadOnlySpan<byte> window, int at)
    {
        var end = at;
        while (end + 1 < window.Length && window[end] == (byte)'.' && char.IsAsciiDigit((char)window[end + 1]))
        {
            end += 2;
            while (end < window.Length && char.IsAsciiDigit((char)window[end]))
                end++;
        }

        return end;
    }

    // text is the window up to the NUL that ends the string; suffix is where ".so" starts in it.
    private static void AddName(ReadOnlySpan<byte> text, int suffix, SortedSet<string> names)
    {
        var before = text[..suffix].LastIndexOfAnyExcept(NameBytes);
        if (before < 0 || before == suffix - 1 || text.Length - before - 1 > LongestName || text[before] is not (0 or (byte)'/'))
            return;

        names.Add(Encoding.ASCII.GetString(text[(before + 1)..]));
        if (text[before] == (byte)'/')
        {
            var start = text[..before].LastIndexOf((byte)0) + 1;
            var path = text[start..];
            if (start > 0 && path[0] == (byte)'/' && path.Length < LongestString && Ascii.IsValid(path) && !path.Contains((byte)'%'))
                names.Add(Encoding.ASCII.GetString(path));
        }
    }
}
