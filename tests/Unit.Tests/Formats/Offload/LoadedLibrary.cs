using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Unit.Tests.Formats.Offload;

/// <summary>Loads a built library as the dynamic loader and the HIP runtime do; shares no code with the reader that is tested.</summary>
internal sealed class LoadedLibrary
{
    private const int Page = 4096;

    private readonly byte[] file;

    public LoadedLibrary(byte[] bytes)
    {
        file = bytes;
        var (table, count) = ((int)U64(file, 32), BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(56)));
        for (var i = 0; i < count; i++)
            Headers.Add(ReadHeader(table + (i * 56)));
        var loads = Headers.Where(h => h.Type == 1).ToList();
        Memory = new byte[loads.Max(l => l.Address + l.MemorySize)];
        ulong last = 0;
        foreach (var load in loads)
        {
            Assert.That(load.Address, Is.GreaterThanOrEqualTo(last), "PT_LOADs are sorted");
            Assert.That((load.Address - load.Offset) % Page, Is.Zero, "mmap can map the PT_LOAD");
            Assert.That(load.FileSize, Is.LessThanOrEqualTo(load.MemorySize));
            Assert.That(
                (load.Flags & 2) != 0 || load.FileSize == load.MemorySize || (load.Address + load.FileSize) % Page == 0,
                "zeros in a page of the file need a writable PT_LOAD"
            );
            last = load.Address + load.MemorySize;
            file.AsSpan((int)load.Offset, (int)load.FileSize).CopyTo(Memory.AsSpan((int)load.Address));
        }

        Relocate();
    }

    public List<Header> Headers { get; } = [];

    /// <summary>What the process sees when the library is loaded at address 0.</summary>
    public byte[] Memory { get; }

    public byte[] Section(string name)
    {
        var (_, offset, length) = FindSection(name);
        return file[offset..(offset + length)];
    }

    public (ulong Address, int Offset, int Length) FindSection(string name)
    {
        var (table, count, names) = ((int)U64(file, 40), file[60], (int)U64(file, (int)U64(file, 40) + (file[62] * 64) + 24));
        for (var at = table; at < table + (count * 64); at += 64)
        {
            var text = file.AsSpan(names + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at)));
            if (Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]) == name)
                return (U64(file, at + 16), (int)U64(file, at + 24), (int)U64(file, at + 32));
        }

        throw new ArgumentException($"no section {name}");
    }

    /// <summary>Address of each wrapper's bundle.</summary>
    public List<ulong> Pointers()
    {
        var (address, _, length) = FindSection(".hipFatBinSegment");
        return [.. Enumerable.Range(0, length / 24).Select(i => U64(Memory, (int)address + (i * 24) + 8))];
    }

    /// <summary>What hipModuleLoad finds by each wrapper: ids in the table's order, with their code.</summary>
    public List<List<(string Id, byte[] Code)>> Bundles() => [.. Pointers().Select(p => Bundle((int)p))];

    private List<(string Id, byte[] Code)> Bundle(int address)
    {
        var bundle = Memory.AsSpan(address);
        if (!bundle.StartsWith("CCOB"u8))
        {
            Assert.That(address % Page, Is.Zero, "a bundle starts at a page");
            return Entries(bundle);
        }

        var (version, method) = (bundle[4], bundle[6]);
        var header = version switch
        {
            1 => 20,
            2 => 24,
            _ => 32,
        };
        var total = version switch
        {
            1 => bundle.Length,
            2 => BinaryPrimitives.ReadInt32LittleEndian(bundle[8..]),
            _ => (int)U64(bundle, 8),
        };
        var data = new MemoryStream(bundle[header..total].ToArray());
        using Stream unpacked = method == 0 ? new ZLibStream(data, CompressionMode.Decompress) : new ZstdReadStream(data);
        var plain = new MemoryStream();
        unpacked.CopyTo(plain);
        var claimed = version switch
        {
            1 => BinaryPrimitives.ReadInt32LittleEndian(bundle[8..]),
            2 => BinaryPrimitives.ReadInt32LittleEndian(bundle[12..]),
            _ => (int)U64(bundle, 16),
        };
        Assert.That(plain.Length, Is.EqualTo(claimed));
#pragma warning disable CA5351 // MD5 is what the format uses.
        Assert.That(bundle[(header - 8)..header].ToArray(), Is.EqualTo(MD5.HashData(plain.ToArray())[..8]));
#pragma warning restore CA5351
        return Entries(plain.ToArray());
    }

    private static List<(string Id, byte[] Code)> Entries(ReadOnlySpan<byte> bundle)
    {
        Assert.That(bundle.StartsWith("__CLANG_OFFLOAD_BUNDLE__"u8), Is.True);
        var entries = new List<(string, byte[])>();
        var at = 32;
        for (var left = (int)U64(bundle, 24); left > 0; left--)
        {
            var (offset, size, length) = ((int)U64(bundle, at), (int)U64(bundle, at + 8), (int)U64(bundle, at + 16));
            entries.Add((Encoding.ASCII.GetString(bundle.Slice(at + 24, length)), bundle.Slice(offset, size).ToArray()));
            at += 24 + length;
        }

        return entries;
    }

    private void Relocate()
    {
        if (Headers.Find(h => h.Type == 2) is not { } dynamic)
            return;
        var tags = new Dictionary<ulong, ulong>();
        for (var at = (int)dynamic.Address; U64(Memory, at) != 0; at += 16)
            tags[U64(Memory, at)] = U64(Memory, at + 8);
        var (rela, size) = ((int)tags.GetValueOrDefault(7UL), (int)tags.GetValueOrDefault(8UL));
        for (var at = rela; at < rela + size; at += 24)
        {
            if (U64(Memory, at + 8) == 8)
                Memory.AsSpan(at + 16, 8).CopyTo(Memory.AsSpan((int)U64(Memory, at)));
        }
    }

    private Header ReadHeader(int at) =>
        new(
            BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)),
            BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4)),
            U64(file, at + 8),
            U64(file, at + 16),
            U64(file, at + 32),
            U64(file, at + 40),
            U64(file, at + 48)
        );

    private static ulong U64(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt64LittleEndian(data[at..]);

    internal sealed record Header(uint Type, uint Flags, ulong Offset, ulong Address, ulong FileSize, ulong MemorySize, ulong Alignment);
}
