using Gfxbake.Formats.Elf;

namespace Gfxbake.Formats.Offload;

/// <summary>A file that is GPU code and nothing else, as rocBLAS and hipBLASLt have by the hundred (.co, .hsaco).</summary>
/// <param name="Bundle">What it holds; a bare code object counts as a bundle of one entry.</param>
/// <param name="IsBare">Whether it is a code object without a bundle around it.</param>
public sealed record LooseCode(OffloadBundle Bundle, bool IsBare)
{
    private const int MostNoteBytes = 1 << 24;
    private const string Kind = "hipv4-",
        HostId = "host-x86_64-unknown-linux-gnu-";

    /// <summary>Null when the file is none of the forms that hipModuleLoad takes.</summary>
    /// <exception cref="OffloadFormatException">It starts as one and is broken.</exception>
    public static LooseCode? TryRead(Stream stream)
    {
        var head = new byte[CompressedHeader.LongestBytes];
        stream.Position = 0;
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var bundle = new OffloadBundle
        {
            Address = 0,
            Offset = 0,
            Slot = stream.Length,
            Entries = [],
        };
        if (head.AsSpan().StartsWith(BundleTable.Magic) || head.AsSpan().StartsWith(CompressedHeader.Magic))
            return new LooseCode(FatBinaryReader.ReadBundle(stream, 0, 0, stream.Length), false);
        return length < head.Length || TargetOf(stream) is not { } target
            ? null
            : new LooseCode(
                bundle with
                {
                    Entries = [new BundleEntry(HostId, 0, 0), new BundleEntry(Kind + target, 0, stream.Length)],
                },
                true
            );
    }

    /// <summary>"amdgcn-amd-amdhsa--gfx1100" of a code object, from its metadata; null when the file is none.</summary>
    private static string? TargetOf(Stream stream)
    {
        try
        {
            stream.Position = 0;
            var ident = new byte[20];
            stream.ReadExactly(ident);
            // 64 bits, little-endian, EM_AMDGPU.
            if (!ident.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8) || ElfBytes.U16(ident, 18) != ElfFile.AmdGpu)
                return null;
            var bytes = new ElfBytes(stream);
            foreach (
                var note in ElfLayout.Read(stream).ProgramHeaders.Where(p => p.Type == ProgramHeader.Note && p.FileSize <= MostNoteBytes)
            )
            {
                if (TargetIn(bytes.Read(note.Offset, note.FileSize, MostNoteBytes, "a note")) is { } target)
                    return target;
            }

            return null;
        }
        catch (ElfFormatException)
        {
            return null;
        }
    }

    // The metadata is a MessagePack map; its key amdhsa.target is followed by a string of less than 32 bytes, or of one length byte.
    private static string? TargetIn(ReadOnlySpan<byte> note)
    {
        var key = "amdhsa.target"u8;
        var at = note.IndexOf(key);
        if (at < 0 || at + key.Length + 2 > note.Length)
            return null;
        var rest = note[(at + key.Length)..];
        var (start, length) = rest[0] switch
        {
            >= 0xa0 and <= 0xbf => (1, rest[0] & 0x1f),
            0xd9 => (2, rest[1]),
            _ => (0, 0),
        };
        if (length == 0 || start + length > rest.Length)
            return null;
        var text = System.Text.Encoding.ASCII.GetString(rest.Slice(start, length));
        return new BundleEntry(Kind + text, 0, 0).Target is null ? null : text;
    }
}
