using System.Buffers.Binary;
using System.Formats.Tar;

namespace Gfxbake.Formats.Images;

/// <summary>
/// The smallest image that can run: one static program that ends with status 0. Proves that an engine runs containers, without a registry.
/// </summary>
public static class ProbeImage
{
    public const string Program = "/probe";

    private const int HeaderBytes = 64 + 56;
    private const ulong LoadAddress = 0x400000;

    /// <summary>Writes the root file system as a tar.</summary>
    public static void Write(Stream output)
    {
        using var tar = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true);
        tar.WriteEntry(
            new UstarTarEntry(TarEntryType.RegularFile, Program[1..])
            {
                Mode = (UnixFileMode)0b111_101_101,
                ModificationTime = DateTimeOffset.UnixEpoch,
                DataStream = new MemoryStream(Elf()),
            }
        );
    }

    /// <summary>An x86-64 ELF file with one segment: exit(0).</summary>
    private static byte[] Elf()
    {
        // xor edi, edi; mov eax, 60 (exit); syscall
        ReadOnlySpan<byte> code = [0x31, 0xFF, 0xB8, 60, 0, 0, 0, 0x0F, 0x05];
        var elf = new byte[HeaderBytes + code.Length];
        var at = elf.AsSpan();
        ReadOnlySpan<byte> ident = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(at);
        BinaryPrimitives.WriteUInt16LittleEndian(at[16..], 2); // ET_EXEC
        BinaryPrimitives.WriteUInt16LittleEndian(at[18..], 62); // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(at[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(at[24..], LoadAddress + HeaderBytes); // entry
        BinaryPrimitives.WriteUInt64LittleEndian(at[32..], 64); // program headers
        BinaryPrimitives.WriteUInt16LittleEndian(at[52..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(at[54..], 56);
        BinaryPrimitives.WriteUInt16LittleEndian(at[56..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(at[64..], 1); // PT_LOAD
        BinaryPrimitives.WriteUInt32LittleEndian(at[68..], 5); // R-X
        BinaryPrimitives.WriteUInt64LittleEndian(at[80..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(at[88..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(at[96..], (ulong)elf.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(at[104..], (ulong)elf.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(at[112..], 0x1000);
        code.CopyTo(at[HeaderBytes..]);
        return elf;
    }
}
