using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Tests;

/// <summary>Makes the header of a package as rpm's database has it; knows nothing of the code under test.</summary>
internal sealed class RpmHeaderBuilder
{
    private readonly List<(uint Tag, uint Type, uint Offset, uint Count)> entries = [];
    private readonly List<byte> data = [];

    /// <summary>A package of a name, with version 1-1 and files, each with its flags.</summary>
    public static RpmHeaderBuilder Package(string name, params (string Path, uint Flags)[] files)
    {
        var builder = new RpmHeaderBuilder().Text(1000, name).Text(1001, "1").Text(1002, "1").Text(1022, "x86_64");
        if (files.Length == 0)
            return builder;
        var directories = files.Select(f => f.Path[..(f.Path.LastIndexOf('/') + 1)]).ToArray();
        var known = directories.Distinct().ToList();
        return builder
            .Numbers(1037, [.. files.Select(f => f.Flags)])
            .Numbers(1116, [.. directories.Select(d => (uint)known.IndexOf(d))])
            .Texts(1117, [.. files.Select(f => f.Path[(f.Path.LastIndexOf('/') + 1)..])])
            .Texts(1118, [.. known]);
    }

    public RpmHeaderBuilder Text(uint tag, string text) => Add(tag, 6, 1, Encoding.UTF8.GetBytes(text + "\0"));

    public RpmHeaderBuilder Texts(uint tag, params string[] texts) =>
        Add(tag, 8, texts.Length, Encoding.UTF8.GetBytes(string.Concat(texts.Select(t => t + "\0"))));

    public RpmHeaderBuilder Bytes(uint tag, params byte[] bytes) => Add(tag, 1, bytes.Length, bytes);

    public RpmHeaderBuilder Numbers(uint tag, params uint[] numbers)
    {
        var bytes = new byte[numbers.Length * 4];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), numbers[i]);
        return Add(tag, 4, numbers.Length, bytes);
    }

    public RpmHeaderBuilder Long(uint tag, params ulong[] numbers)
    {
        var bytes = new byte[numbers.Length * 8];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), numbers[i]);
        return Add(tag, 5, numbers.Length, bytes);
    }

    public RpmHeaderBuilder Shorts(uint tag, params ushort[] numbers)
    {
        var bytes = new byte[numbers.Length * 2];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i * 2), numbers[i]);
        return Add(tag, 3, numbers.Length, bytes);
    }

    /// <summary>A value that says of itself what the test wants.</summary>
    public RpmHeaderBuilder Add(uint tag, uint type, long count, byte[] bytes, uint? offset = null)
    {
        entries.Add((tag, type, offset ?? (uint)data.Count, (uint)count));
        data.AddRange(bytes);
        return this;
    }

    public byte[] Build()
    {
        var blob = new byte[8 + 16 * entries.Count + data.Count];
        BinaryPrimitives.WriteInt32BigEndian(blob, entries.Count);
        BinaryPrimitives.WriteInt32BigEndian(blob.AsSpan(4), data.Count);
        foreach (var (i, (tag, type, offset, count)) in entries.Index())
        {
            var entry = blob.AsSpan(8 + 16 * i);
            BinaryPrimitives.WriteUInt32BigEndian(entry, tag);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], type);
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], offset);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], count);
        }

        data.CopyTo(blob, blob.Length - data.Count);
        return blob;
    }
}
