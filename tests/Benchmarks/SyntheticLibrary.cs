using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Benchmarks;

/// <summary>
/// Writes a program with HIP code for many GPUs: as little of ELF as the rewriter asks for, and bundles of about the size that rocBLAS has.
/// </summary>
internal static class SyntheticLibrary
{
    public const string Gpu = "gfx1100";

    private const int Page = 4096,
        ObjectBytes = 1 << 20;
    private const ulong Base = 0x400000;
    private static readonly string[] Gpus =
    [
        "gfx803",
        "gfx900",
        "gfx906",
        "gfx908",
        "gfx90a",
        "gfx1010",
        "gfx1030",
        Gpu,
        "gfx1101",
        "gfx1151",
    ];

    /// <summary>Each bundle has a megabyte for each of ten GPUs.</summary>
    public static void Write(string path, int bundles, bool compressed)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        var starts = new List<long>();
        file.Position = Page;
        for (int i = 0; i < bundles; i++)
        {
            starts.Add(file.Position);
            byte[] bundle = Bundle(i);
            file.Write(compressed ? Packed(bundle) : bundle);
            file.Position = RoundUp(file.Position);
        }

        long wrappers = file.Position;
        foreach (long start in starts)
            file.Write(Words(0x1_4849_5046, Base + (ulong)start, 0));

        WriteTables(file, wrappers, starts.Count * 24);
    }

    private static void WriteTables(FileStream file, long wrappers, int wrapperBytes)
    {
        byte[] names = "\0.hip_fatbin\0.hipFatBinSegment\0.shstrtab\0"u8.ToArray();
        long namesAt = file.Position,
            sections = RoundUp(namesAt + names.Length);
        file.Write(names);
        file.Position = sections;
        file.Write(new byte[64]);
        file.Write(Section(1, 1, 2, Base + Page, Page, wrappers - Page));
        file.Write(Section(13, 1, 3, Base + (ulong)wrappers, wrappers, wrapperBytes));
        file.Write(Section(31, 3, 0, 0, namesAt, names.Length));
        file.Position = 0;
        file.Write([0x7f, .. "ELF"u8, 2, 1, 1, .. new byte[9], 2, 0, 62, 0, 1, 0, 0, 0]);
        file.Write(Words(Base, 64, (ulong)sections));
        file.Write([0, 0, 0, 0, 64, 0, 56, 0, 2, 0, 64, 0, 4, 0, 3, 0]);
        file.Write(Words(0x6_0000_0001, 0, Base, Base, (ulong)namesAt, (ulong)namesAt, Page));
        file.Write(Words(0x4_0000_0004, 256, Base + 256, Base + 256, 32, 32, 4));
    }

    private static byte[] Section(uint name, uint type, ulong flags, ulong address, long offset, long length) =>
        Words(name | (ulong)type << 32, flags, address, (ulong)offset, (ulong)length, 0, 1, 0);

    private static byte[] Bundle(int seed)
    {
        var bundle = new byte[Page + (Gpus.Length * ObjectBytes)];
        "__CLANG_OFFLOAD_BUNDLE__"u8.CopyTo(bundle);
        BinaryPrimitives.WriteInt64LittleEndian(bundle.AsSpan(24), Gpus.Length);
        int row = 32;
        for (int i = 0; i < Gpus.Length; i++)
        {
            byte[] id = Encoding.ASCII.GetBytes("hipv4-amdgcn-amd-amdhsa--" + Gpus[i]);
            int offset = Page + (i * ObjectBytes);
            Words((ulong)offset, ObjectBytes, (ulong)id.Length).CopyTo(bundle, row);
            id.CopyTo(bundle, row + 24);
            row += 24 + id.Length;
            Fill(bundle.AsSpan(offset, ObjectBytes), (seed * Gpus.Length) + i);
        }

        return bundle;
    }

    // Instructions of four bytes, some often and some rarely: packs to about a fifth, as rocBLAS does.
    private static void Fill(Span<byte> code, int seed)
    {
        var random = new Random(seed);
        var words = new byte[16384];
        random.NextBytes(words);
        for (int at = 0; at < code.Length; at += 32)
        {
            int word = random.Next(words.Length - 32);
            words.AsSpan(word, 32).CopyTo(code[at..]);
        }
    }

    private static byte[] Packed(byte[] bundle)
    {
        var packed = new MemoryStream();
        using (var zstd = new ZstdWriteStream(packed, new ZstdEffort(3, LongDistance: true), bundle.Length))
        {
            zstd.Write(bundle);
            zstd.Finish();
        }

        // MD5 is what the format uses.
#pragma warning disable CA5351
        ulong hash = BinaryPrimitives.ReadUInt64LittleEndian(MD5.HashData(bundle));
#pragma warning restore CA5351
        return [.. "CCOB"u8, 3, 0, 1, 0, .. Words((ulong)packed.Length + 32, (ulong)bundle.Length, hash), .. packed.ToArray()];
    }

    private static byte[] Words(params ReadOnlySpan<ulong> words)
    {
        var bytes = new byte[words.Length * 8];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), words[i]);

        return bytes;
    }

    private static long RoundUp(long bytes) => (bytes + Page - 1) & -Page;
}
