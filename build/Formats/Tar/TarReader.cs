using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gfxbake.Formats.Tar;

/// <summary>Reads the headers of an uncompressed tar one after the other and seeks over the content.</summary>
/// <remarks>
/// Exists beside System.Formats.Tar because that decodes PAX values as UTF-8 and refuses a newline in them, which
/// security.capability may hold.
/// Takes what container engines export: ustar, PAX ('x' and 'g') and GNU long names; refuses sparse files,
/// unknown types, names that aren't UTF-8 (plans and records are Unicode text) and an archive without its two
/// zero blocks. What follows these blocks is not looked at, as in any tar program.
/// </remarks>
internal sealed class TarReader(SafeFileHandle file, string export)
{
    private const int MaxMetadataBytes = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private static readonly Dictionary<string, byte[]> NoXattrs = [];

    private readonly TarBlocks blocks = new(file);
    private readonly PaxRecords global = new();
    private PaxRecords? pax;
    private byte[]? longName;
    private byte[]? longLink;

    /// <summary>Where the header of the last entry starts.</summary>
    public long HeaderOffset { get; private set; }

    /// <summary>The next entry, or null at the end of the archive. A hard link comes without size and content.</summary>
    public ImageEntry? Next()
    {
        while (true)
        {
            HeaderOffset = blocks.Position;
            var header = new TarHeader(ReadBlock());
            if (header.IsZero)
            {
                RequireEnd();
                return null;
            }

            if (!header.ChecksumMatches)
                throw Fault(HeaderOffset == 0 ? "this is no tar: the first header's checksum is wrong" : "the header's checksum is wrong");

            if (!ReadMetadata(header))
            {
                var entry = ReadEntry(header);
                (pax, longName, longLink) = (null, null, null);
                return entry;
            }
        }
    }

    public ImageFormatException Fault(string what) => new(export, HeaderOffset, what);

    private bool ReadMetadata(TarHeader header)
    {
        switch (header.TypeFlag)
        {
            case (byte)'x' when pax is null:
                pax = new PaxRecords();
                ReadPax(header, pax);
                return true;
            case (byte)'g':
                ReadPax(header, global);
                if (global.Path is not null || global.LinkPath is not null || global.Size is not null)
                    throw Fault("a global PAX header that sets a name or a size for all entries");

                return true;
            case (byte)'L' when longName is null:
                longName = ReadLongText(header);
                return true;
            case (byte)'K' when longLink is null:
                longLink = ReadLongText(header);
                return true;
            case (byte)'x' or (byte)'L' or (byte)'K':
                throw Fault("two headers of one kind for the same entry");
            default:
                return false;
        }
    }

    private void ReadPax(TarHeader header, PaxRecords records)
    {
        if (records.Read(ReadMetadataBytes(header)) is { } problem)
            throw Fault(problem);
    }

    private byte[] ReadLongText(TarHeader header)
    {
        var text = ReadMetadataBytes(header);
        return text is [.., 0] ? text[..^1] : text;
    }

    private byte[] ReadMetadataBytes(TarHeader header)
    {
        var size = Number(header.Size, "size", MaxMetadataBytes);
        var start = blocks.Position;
        SkipContent(size);
        var bytes = new byte[size];
        return blocks.ReadAt(start, bytes) == size ? bytes : throw Fault("the export became shorter while it was read");
    }

    private ImageEntry ReadEntry(TarHeader header)
    {
        var name = DecodeName(header);
        var kind = KindOf(header.TypeFlag, name);
        var size = pax?.Size ?? Number(header.Size, "size", long.MaxValue);
        if (size < 0 || (size > 0 && kind != EntryKind.File))
            throw Fault(size < 0 ? "a negative size" : $"'{name}' is a {kind} and yet has content");

        var dataOffset = blocks.Position;
        SkipContent(size);
        var isDevice = kind is EntryKind.CharacterDevice or EntryKind.BlockDevice;
        return new ImageEntry
        {
            Path = Normal(name),
            Kind = kind,
            Size = size,
            Mode = (int)(Number(header.Mode, "mode", long.MaxValue) & 0xfff),
            Uid = (int)Checked(pax?.Uid ?? global.Uid ?? Number(header.Uid, "uid", int.MaxValue), "uid"),
            Gid = (int)Checked(pax?.Gid ?? global.Gid ?? Number(header.Gid, "gid", int.MaxValue), "gid"),
            MTime = pax?.MTime ?? global.MTime ?? Number(header.MTime, "mtime", long.MaxValue, long.MinValue),
            LinkTarget = DecodeLink(header, kind),
            Xattrs = pax?.Xattrs ?? global.Xattrs ?? NoXattrs,
            DeviceMajor = isDevice ? (int)Number(header.DeviceMajor, "device number", int.MaxValue) : 0,
            DeviceMinor = isDevice ? (int)Number(header.DeviceMinor, "device number", int.MaxValue) : 0,
            DataOffset = dataOffset,
        };
    }

    private EntryKind KindOf(byte typeFlag, string name) =>
        typeFlag switch
        {
            // Before ustar a directory was a file whose name ends in a slash.
            (byte)'0' or 0 or (byte)'7' => name.EndsWith('/') ? EntryKind.Directory : EntryKind.File,
            (byte)'1' => EntryKind.HardLink,
            (byte)'2' => EntryKind.SymbolicLink,
            (byte)'3' => EntryKind.CharacterDevice,
            (byte)'4' => EntryKind.BlockDevice,
            (byte)'5' => EntryKind.Directory,
            (byte)'6' => EntryKind.Fifo,
            (byte)'S' => throw Fault($"'{name}' is a GNU sparse file, which no container engine exports"),
            _ => throw Fault($"'{name}' has the unknown type 0x{typeFlag:x2}"),
        };

    private string DecodeName(TarHeader header)
    {
        if ((pax?.Path ?? longName) is { } text)
            return Decode(text);

        return header.Prefix.IsEmpty ? Decode(header.Name) : Decode(header.Prefix) + "/" + Decode(header.Name);
    }

    private string? DecodeLink(TarHeader header, EntryKind kind)
    {
        if (kind is not (EntryKind.SymbolicLink or EntryKind.HardLink))
        {
            return null;
        }

        var target = Decode((pax?.LinkPath ?? longLink) is { } text ? text : header.LinkName);
        return kind == EntryKind.HardLink ? Normal(target) : target;
    }

    private string Decode(ReadOnlySpan<byte> text)
    {
        // PATH_MAX: no kernel hands out a longer one.
        if (text.Length is 0 or > 4096 || text.Contains((byte)0))
            throw Fault("a name or link that is empty, longer than 4096 bytes or holds a NUL");

        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw new ImageFormatException(
                export,
                HeaderOffset,
                $"the name '{Encoding.UTF8.GetString(text)}' isn't UTF-8",
                "Rename or remove that file in the image."
            );
        }
    }

    private string Normal(string name)
    {
        return ImagePath.TryNormalize(name, out var path)
            ? path
            : throw new ImageFormatException(
                export,
                HeaderOffset,
                $"the name '{name}' holds '..'",
                "No container engine writes that; don't trust this file."
            );
    }

    private long Number(ReadOnlySpan<byte> field, string what, long max, long min = 0) =>
        TarHeader.TryNumber(field, out var value) && value >= min && value <= max
            ? value
            : throw Fault($"the {what} in the header is no number or out of range (at most {max})");

    private long Checked(long id, string what) =>
        id is >= 0 and <= int.MaxValue ? id : throw Fault($"the {what} {id} is out of range (at most {int.MaxValue})");

    private void SkipContent(long size)
    {
        if (!blocks.TrySkip(size))
            throw Fault($"the export is truncated: {size} bytes of content should follow, the file ends after {blocks.Left}");
    }

    private void RequireEnd()
    {
        if (pax is not null || longName is not null || longLink is not null)
            throw Fault("the archive ends after a header that belongs to an entry");

        if (!new TarHeader(ReadBlock()).IsZero)
            throw Fault("a lone zero block where a header should be");
    }

    private ReadOnlySpan<byte> ReadBlock() =>
        blocks.TryRead(out var block)
            ? block
            : throw new ImageFormatException(
                export,
                blocks.Position,
                "the export is truncated: the two zero blocks at the end are missing",
                "Export the image again; is the disk full?"
            );
}
