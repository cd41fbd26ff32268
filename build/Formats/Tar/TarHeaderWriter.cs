using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gfxbake.Formats.Tar;

/// <summary>Writes the header of an entry: ustar, before it a PAX header where ustar has no room.</summary>
internal sealed class TarHeaderWriter(TarOutput tar, long latestTime)
{
    private readonly byte[] block = new byte[TarHeader.BlockSize];
    private readonly SortedDictionary<string, byte[]> records = new(StringComparer.Ordinal);

    public void Write(ImageEntry entry)
    {
        records.Clear();
        Array.Clear(block);
        foreach (var (name, value) in entry.Xattrs)
            AddXattr(entry, name, value);

        PutName(entry);
        PutLink(entry);
        PutOctal(100, 8, entry.Mode);
        PutNumber("uid", 108, 8, entry.Uid);
        PutNumber("gid", 116, 8, entry.Gid);
        PutNumber("size", 124, 12, entry.Kind == EntryKind.File ? entry.Size : 0);
        PutNumber("mtime", 136, 12, Math.Min(entry.MTime, latestTime));
        if (entry.Kind is EntryKind.CharacterDevice or EntryKind.BlockDevice)
        {
            PutDevice(entry, 329, entry.DeviceMajor);
            PutDevice(entry, 337, entry.DeviceMinor);
        }

        // The block is built before the PAX header goes out, for only then all records are known.
        Seal(block, TypeFlag(entry.Kind));
        WriteRecords();
        tar.Write(block);
    }

    private static byte TypeFlag(EntryKind kind) =>
        kind switch
        {
            EntryKind.File => (byte)'0',
            EntryKind.HardLink => (byte)'1',
            EntryKind.SymbolicLink => (byte)'2',
            EntryKind.CharacterDevice => (byte)'3',
            EntryKind.BlockDevice => (byte)'4',
            EntryKind.Directory => (byte)'5',
            EntryKind.Fifo => (byte)'6',
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A tar has no type for this."),
        };

    private void AddXattr(ImageEntry entry, string name, byte[] value)
    {
        // The first '=' of a PAX record ends its key.
        if (name.Length == 0 || name.Contains('=') || name.Contains('\0'))
        {
            throw new ArgumentException(
                $"'{entry.Path}': the extended attribute '{name}' has a name that a tar can't hold; take it off in the image."
            );
        }

        records.Add(PaxRecords.XattrPrefix + name, value);
    }

    private void PutName(ImageEntry entry)
    {
        var name = entry.Path == "/" ? "./" : entry.Path[1..] + (entry.Kind == EntryKind.Directory ? "/" : "");
        var bytes = Encoding.UTF8.GetBytes(name);
        if (!Ascii.IsValid(name))
        {
            records.Add("path", bytes);
        }
        else if (bytes.Length <= 100)
        {
            bytes.CopyTo(block, 0);
        }
        else if (SplitAt(bytes) is var slash and > 0)
        {
            bytes.AsSpan(slash + 1).CopyTo(block);
            bytes.AsSpan(0, slash).CopyTo(block.AsSpan(345));
        }
        else
        {
            records.Add("path", bytes);
        }
    }

    // The slash that leaves at most 155 bytes before it and 1 to 100 after it, or -1.
    private static int SplitAt(ReadOnlySpan<byte> name)
    {
        var slash = name[..Math.Min(156, name.Length - 1)].LastIndexOf((byte)'/');
        return name.Length - slash - 1 <= 100 ? slash : -1;
    }

    private void PutLink(ImageEntry entry)
    {
        if (entry.LinkTarget is not { } target)
            return;

        var bytes = Encoding.UTF8.GetBytes(entry.Kind == EntryKind.HardLink ? target[1..] : target);
        if (bytes.Length <= 100 && Ascii.IsValid(target))
            bytes.CopyTo(block, 157);
        else
            records.Add("linkpath", bytes);
    }

    private void PutNumber(string key, int start, int length, long value)
    {
        if (value >= 0 && value >> (3 * (length - 1)) == 0)
        {
            PutOctal(start, length, value);
            return;
        }

        PutOctal(start, length, 0);
        records.Add(key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
    }

    private void PutDevice(ImageEntry entry, int start, int number)
    {
        if (number >> 21 != 0)
        {
            throw new ArgumentException(
                $"'{entry.Path}': the device number {number} doesn't fit in a tar; take the device out of the image."
            );
        }

        PutOctal(start, 8, number);
    }

    private void PutOctal(int start, int length, long value) => PutOctal(block, start, length, value);

    private static void PutOctal(byte[] block, int start, int length, long value)
    {
        for (var i = start + length - 2; i >= start; i--)
        {
            block[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }

    private static void Seal(byte[] block, byte typeFlag)
    {
        block[156] = typeFlag;
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        "00"u8.CopyTo(block.AsSpan(263));
        PutOctal(block, 148, 7, TarHeader.Checksum(block));
        block[155] = (byte)' ';
    }

    private void WriteRecords()
    {
        if (records.Count == 0)
            return;

        var data = new ArrayBufferWriter<byte>();
        foreach (var (key, value) in records)
        {
            var keyBytes = Encoding.UTF8.GetBytes(key);
            data.Write(Encoding.ASCII.GetBytes($"{RecordLength(keyBytes.Length + value.Length + 3)} "));
            data.Write(keyBytes);
            data.Write("="u8);
            data.Write(value);
            data.Write("\n"u8);
        }

        var header = new byte[TarHeader.BlockSize];
        "PaxHeaders/entry"u8.CopyTo(header);
        PutOctal(header, 100, 8, 0x1a4);
        PutOctal(header, 108, 8, 0);
        PutOctal(header, 116, 8, 0);
        PutOctal(header, 124, 12, data.WrittenCount);
        PutOctal(header, 136, 12, 0);
        Seal(header, (byte)'x');
        tar.Write(header);
        tar.Write(data.WrittenSpan);
        tar.Pad();
    }

    // A record's length counts its own digits.
    private static int RecordLength(int others)
    {
        var length = others + Digits(others);
        return others + Digits(length);
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
