using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Formats.Rpm;

/// <summary>The header of one package as rpm's database keeps it: without magic, big-endian, all values by tag.</summary>
/// <remarks>
/// Format: rpm's lib/header.c. A value may only point into the blob that is already in memory, so no count makes a list longer than it.
/// All faults are a <see cref="FormatException"/>.
/// </remarks>
internal sealed class RpmHeader
{
    /// <summary>Values of a tag; more files has no package.</summary>
    public const int MaxValues = 1_000_000;

    // Longer than any licence expression. Lists are of files, whose paths have a limit of their own.
    private const int MaxText = 1 << 16;
    private const int EntryBytes = 16;

    // header.c takes no more.
    private const int MaxEntries = 65535;

    private readonly byte[] blob;
    private readonly int data;
    private readonly Dictionary<uint, Entry> entries = [];

    private RpmHeader(byte[] blob)
    {
        this.blob = blob;
        if (blob.Length < 8)
            throw new FormatException($"a header of {blob.Length} bytes");
        long count = BinaryPrimitives.ReadUInt32BigEndian(blob);
        long bytes = BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(4));
        if (count > MaxEntries || 8 + count * EntryBytes + bytes != blob.Length)
            throw new FormatException($"a header of {blob.Length} bytes says that it has {count} entries and {bytes} bytes of data");
        data = 8 + (int)count * EntryBytes;
        for (var at = 8; at < data; at += EntryBytes)
        {
            var entry = blob.AsSpan(at, EntryBytes);
            // What was added when the package was installed stands last, and wins.
            entries[BinaryPrimitives.ReadUInt32BigEndian(entry)] = new Entry(
                BinaryPrimitives.ReadUInt32BigEndian(entry[4..]),
                BinaryPrimitives.ReadUInt32BigEndian(entry[8..]),
                BinaryPrimitives.ReadUInt32BigEndian(entry[12..])
            );
        }
    }

    private enum ValueType : uint
    {
        Char = 1,
        Int8 = 2,
        Int16 = 3,
        Int32 = 4,
        Int64 = 5,
        Text = 6,
        Texts = 8,
        TranslatedTexts = 9,
    }

    public static RpmHeader Read(byte[] blob) => new(blob);

    /// <summary>A text, the first of several; null where the package has none. What isn't UTF-8 becomes U+FFFD.</summary>
    public string? Text(uint tag)
    {
        if (Find(tag, ValueType.Text, ValueType.Texts, ValueType.TranslatedTexts) is not { Count: > 0 } entry)
            return null;
        var bytes = Data(tag, entry, 0);
        return TextAt(tag, ref bytes) is { Length: <= MaxText } text ? text : throw new FormatException($"a text of tag {tag} is too long");
    }

    /// <summary>A list of texts; empty where the package has none.</summary>
    public IReadOnlyList<string> Texts(uint tag)
    {
        if (Find(tag, ValueType.Texts) is not { } entry)
            return [];
        // Each text is a byte at least, its end.
        var bytes = Data(tag, entry, 1);
        var texts = new string[entry.Count];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = TextAt(tag, ref bytes);
        return texts;
    }

    /// <summary>Numbers of 32 bits; empty where the package has none.</summary>
    public IReadOnlyList<uint> Numbers(uint tag)
    {
        if (Find(tag, ValueType.Int32) is not { } entry)
            return [];
        var bytes = Data(tag, entry, sizeof(uint));
        var numbers = new uint[entry.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * sizeof(uint))..]);
        return numbers;
    }

    /// <summary>Numbers of 16 bits; empty where the package has none.</summary>
    public IReadOnlyList<ushort> Shorts(uint tag)
    {
        if (Find(tag, ValueType.Int16) is not { } entry)
            return [];
        var bytes = Data(tag, entry, sizeof(ushort));
        var numbers = new ushort[entry.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(i * sizeof(ushort))..]);
        return numbers;
    }

    /// <summary>Numbers of 64 bits; empty where the package has none.</summary>
    public IReadOnlyList<ulong> Longs(uint tag)
    {
        if (Find(tag, ValueType.Int64) is not { } entry)
            return [];
        var bytes = Data(tag, entry, sizeof(ulong));
        var numbers = new ulong[entry.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(i * sizeof(ulong))..]);
        return numbers;
    }

    /// <summary>A number of 64 bits; null where the package has none.</summary>
    public ulong? Long(uint tag) =>
        Find(tag, ValueType.Int64) is { Count: > 0 } entry ? BinaryPrimitives.ReadUInt64BigEndian(Data(tag, entry, sizeof(ulong))) : null;

    /// <summary>Numbers of 8 bits; empty where the package has none.</summary>
    public ReadOnlySpan<byte> Bytes(uint tag) =>
        Find(tag, ValueType.Char, ValueType.Int8) is { } entry ? Data(tag, entry, 1)[..(int)entry.Count] : [];

    private Entry? Find(uint tag, params ReadOnlySpan<ValueType> types)
    {
        if (!entries.TryGetValue(tag, out var entry))
            return null;
        return types.Contains((ValueType)entry.Type) ? entry : throw new FormatException($"tag {tag} is of type {entry.Type}");
    }

    /// <summary>The data from a tag's first value on.</summary>
    private ReadOnlySpan<byte> Data(uint tag, Entry entry, int bytesOfOne)
    {
        var all = blob.AsSpan(data);
        if (entry.Count > MaxValues || entry.Offset > all.Length || entry.Count * (long)bytesOfOne > all.Length - entry.Offset)
            throw new FormatException($"tag {tag} has {entry.Count} values from byte {entry.Offset} of {all.Length} on");
        return all[(int)entry.Offset..];
    }

    private static string TextAt(uint tag, ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        if (end < 0)
            throw new FormatException($"a text of tag {tag} does not end");
        var text = Encoding.UTF8.GetString(bytes[..end]);
        bytes = bytes[(end + 1)..];
        return text;
    }

    private readonly record struct Entry(uint Type, uint Offset, uint Count);
}
