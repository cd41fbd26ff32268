using System.Text;
using Gfxbake.Formats.Elf;

namespace Gfxbake.Formats.Offload;

/// <summary>The kernel packs that a library takes its GPU code from, where it was moved out of it (rocm-kpack of TheRock).</summary>
/// <remarks>
/// The section .rocm_kpack_ref is a MessagePack map whose kpack_search_paths are relative to the library's directory, for instance
/// "../.kpack/blas_lib_@GFXARCH@.kpack"; the runtime puts the GPU's name in (rocm-kpack, runtime API).
/// </remarks>
public static class KernelPackNames
{
    public const string Placeholder = "@GFXARCH@";

    private const string Section = ".rocm_kpack_ref",
        Ending = ".kpack";
    private const int MostBytes = 1 << 20;

    /// <summary>The paths as they stand there, distinct, in their order; none for most libraries.</summary>
    public static IReadOnlyList<string> Read(Stream stream, ElfFile elf)
    {
        if (ElfSections.Read(stream, elf).FirstOrDefault(s => s.Name == Section) is not { Size: > 0 and <= MostBytes } section)
            return [];
        var bytes = new ElfBytes(stream).Read((ulong)section.Offset, (ulong)section.Size, MostBytes, Section);
        var names = new List<string>();
        for (var at = 0; at < bytes.Length; at++)
        {
            if (StringAt(bytes.AsSpan(at)) is { } text && text.EndsWith(Ending, StringComparison.Ordinal))
                names.Add(text);
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    // Every byte that could start a string is tried: what else looks like a path to a kernel pack is none the worse for being kept.
    private static string? StringAt(ReadOnlySpan<byte> bytes)
    {
        var (start, length) = bytes[0] switch
        {
            >= 0xa0 and <= 0xbf => (1, bytes[0] & 0x1f),
            0xd9 when bytes.Length > 1 => (2, bytes[1]),
            0xda when bytes.Length > 2 => (3, (bytes[1] << 8) | bytes[2]),
            _ => (0, 0),
        };
        if (length == 0 || start + length > bytes.Length)
            return null;
        var text = bytes.Slice(start, length);
        return text.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? null : Encoding.ASCII.GetString(text);
    }
}
