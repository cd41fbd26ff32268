using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Unit.Tests.Formats.Offload.RealTools;

/// <summary>Writes the files that tests/fixtures/offload/code.cpp includes: clang's offload bundles, plain and compressed.</summary>
internal static class BundleFiles
{
    public const string Kept = "gfx1151",
        Also = "gfx1100";

    private const int Page = 4096;
    private const string Device = "hipv4-amdgcn-amd-amdhsa--";

    /// <summary>0 to 2 are plain, the second with a megabyte for other GPUs; 3 is compressed in version 2, 4 in version 3.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        Save(folder, 0, Plain(0, (Also, 31_000), (Kept, 20_001)));
        Save(folder, 1, Plain(1, ("gfx90a:sramecc+:xnack-", 400_000), (Also, 600_000), (Kept, 45_000)));
        Save(folder, 2, Plain(2, (Kept, 12_288), (Also, 4_096)));
        Save(folder, 3, Packed(2, Plain(3, ("gfx1030", 90_000), (Kept, 33_333), (Also, 50_000))));
        Save(folder, 4, Packed(3, Plain(4, ("gfx11-generic", 10_000), (Kept, 64_000))));
        Save(folder, 5, Plain(5, (Also, 1), ("gfx11-generic", 25_000)));
        Save(folder, 6, Plain(6, (Kept, 5_000), (Also, 70_007)));
    }

    private static void Save(string folder, int index, byte[] bytes) => File.WriteAllBytes(Path.Combine(folder, $"{index}.bundle"), bytes);

    private static byte[] Plain(int seed, params (string Target, int Size)[] objects)
    {
        var random = new Random(seed);
        var file = new MemoryStream();
        var at = Page;
        file.Write("__CLANG_OFFLOAD_BUNDLE__"u8);
        Number(file, objects.Length + 1);
        Entry(file, Page, 0, "host-x86_64-unknown-linux-gnu-");
        foreach (var (target, size) in objects)
        {
            Entry(file, at, size, Device + target);
            at = RoundUp(at + size);
        }

        foreach (var (_, size) in objects)
        {
            file.Position = RoundUp((int)file.Position);
            file.SetLength(file.Position);
            file.Write(Content(random, size));
        }

        return file.ToArray();
    }

    // Half of it can be compressed, as of code.
    private static byte[] Content(Random random, int size)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        for (var i = 0; i < size; i += 2)
            bytes[i] = (byte)(i >> 8);
        return bytes;
    }

    private static byte[] Packed(ushort version, byte[] plain)
    {
        var packed = new MemoryStream();
        using (var zstd = new ZstdWriteStream(packed, new ZstdEffort(3, LongDistance: false), plain.Length))
        {
            zstd.Write(plain);
            zstd.Finish();
        }

        var head = new byte[version == 2 ? 24 : 32];
        "CCOB"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(4), version);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(6), 1);
        var total = (ulong)(head.Length + packed.Length);
        if (version == 2)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), (uint)total);
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(12), (uint)plain.Length);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(8), total);
            BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(16), (ulong)plain.Length);
        }

        // MD5 is what the format uses.
#pragma warning disable CA5351
        MD5.HashData(plain).AsSpan(0, 8).CopyTo(head.AsSpan(head.Length - 8));
#pragma warning restore CA5351
        return [.. head, .. packed.ToArray()];
    }

    private static void Entry(MemoryStream file, int offset, int size, string id)
    {
        Number(file, offset);
        Number(file, size);
        Number(file, id.Length);
        file.Write(Encoding.ASCII.GetBytes(id));
    }

    private static void Number(MemoryStream file, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        file.Write(bytes);
    }

    private static int RoundUp(int bytes) => (bytes + Page - 1) & -Page;
}
