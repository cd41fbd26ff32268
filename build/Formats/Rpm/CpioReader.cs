using System.Globalization;
using System.Text;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Rpm;

public enum CpioKind
{
    File,
    Folder,
    Link,

    /// <summary>A device, a pipe or a socket.</summary>
    Other,
}

/// <summary>One entry of a cpio archive.</summary>
/// <param name="Path">As it stands there, for instance "./usr/bin/clang"; nothing of it is checked.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Its rights, without its kind.</param>
/// <param name="Links">How many names the file has.</param>
/// <param name="Inode">The same for all names of one file.</param>
/// <param name="Seconds">Time of its last change, since 1970.</param>
/// <param name="Bytes">Of its content. Of a file with several names only the last one that comes has it.</param>
/// <param name="Content">Of a file or a link; ends where it ends.</param>
public sealed record CpioEntry(string Path, CpioKind Kind, int Mode, uint Links, uint Inode, long Seconds, long Bytes, Stream Content);

/// <summary>
/// Reads cpio's form "newc", in which rpm keeps files, and rpm's own form without names for packages with files of 4 GiB and more, which
/// is the only one of rpm 6's own format.
/// </summary>
/// <remarks>Format: cpio(5), and rpm's lib/cpio.c for the second.</remarks>
internal static class CpioReader
{
    private const string Newc = "070701",
        NewcWithSum = "070702",
        Stripped = "07070X";

    // Six of the magic, eight of a number: all that the second form has.
    private const int StartBytes = 14;
    private const int HeaderBytes = 110;
    private const int MostEntries = 1_000_000;

    // PATH_MAX.
    private const int MostName = 4096;
    private const string End = "TRAILER!!!";

    /// <param name="source">The archive; read to its last entry.</param>
    /// <param name="listed">Files as the package's header lists them; the second form counts them.</param>
    /// <exception cref="FormatException">It is broken or ends early.</exception>
    public static IEnumerable<CpioEntry> Read(Stream source, Lazy<IReadOnlyList<CpioEntry>> listed)
    {
        var header = new byte[HeaderBytes];
        for (var i = 0; i <= MostEntries; i++)
        {
            Fill(source, header.AsSpan(0, StartBytes));
            var entry = Encoding.ASCII.GetString(header, 0, 6) switch
            {
                Newc or NewcWithSum => Named(source, header),
                Stripped => Listed(source, Field(header, 0), listed.Value),
                _ => throw new FormatException("an entry does not begin as one"),
            };
            if (entry is null)
                yield break;
            using var content = new Content(source, entry.Bytes);
            yield return entry with
            {
                Content = content,
            };
            content.Rest();
            Padding(source, entry.Bytes);
        }

        throw new FormatException($"it has more than {MostEntries} entries");
    }

    private static CpioEntry? Named(Stream source, byte[] header)
    {
        Fill(source, header.AsSpan(StartBytes));
        var name = Name(source, Field(header, 11));
        if (name == End)
            return null;
        var mode = (int)Field(header, 1);
        return new CpioEntry(
            name,
            Kind(mode),
            mode & 0xFFF,
            Field(header, 4),
            Field(header, 0),
            Field(header, 5),
            Field(header, 6),
            Stream.Null
        );
    }

    private static CpioEntry Listed(Stream source, uint index, IReadOnlyList<CpioEntry> listed)
    {
        Padding(source, StartBytes);
        return index < listed.Count
            ? listed[(int)index]
            : throw new FormatException($"it has file {index}, and the header lists {listed.Count}");
    }

    // S_IFMT of stat.h.
    public static CpioKind Kind(int mode) =>
        (mode & 0xF000) switch
        {
            0x8000 => CpioKind.File,
            0x4000 => CpioKind.Folder,
            0xA000 => CpioKind.Link,
            _ => CpioKind.Other,
        };

    private static string Name(Stream source, uint bytes)
    {
        if (bytes is 0 or > MostName)
            throw new FormatException($"a name of {bytes} bytes");
        var name = new byte[bytes];
        Fill(source, name);
        Padding(source, HeaderBytes + bytes);
        return name.AsSpan().IndexOf((byte)0) == bytes - 1
            ? Encoding.UTF8.GetString(name.AsSpan()[..^1])
            : throw new FormatException("a name that does not end with its only NUL");
    }

    private static uint Field(byte[] header, int number) =>
        uint.TryParse(header.AsSpan(6 + number * 8, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException("an entry has a number that is none");

    private static void Padding(Stream source, long bytes)
    {
        Span<byte> padding = stackalloc byte[(int)((4 - bytes % 4) % 4)];
        Fill(source, padding);
    }

    private static void Fill(Stream source, Span<byte> bytes)
    {
        if (source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length)
            throw new FormatException("it ends in the middle of an entry");
    }

    /// <summary>One entry's part of the archive.</summary>
    private sealed class Content(Stream source, long left) : ForwardStream
    {
        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            if (left == 0 || buffer.Length == 0)
                return 0;
            var read = source.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
            if (read == 0)
                throw new FormatException("it ends in the middle of a file");
            left -= read;
            return read;
        }

        public void Rest()
        {
            var nowhere = new byte[(int)Math.Min(left, 1 << 16)];
            while (left > 0)
                _ = Read(nowhere);
        }
    }
}
