using System.Runtime.InteropServices;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Xz;

/// <summary>The few functions of liblzma that are used here (lzma/base.h, stable API since 5.0).</summary>
internal static partial class Lzma
{
    public const int Ok = 0,
        StreamEnd = 1,
        MemoryLimit = 6;

    /// <summary>LZMA_RUN and LZMA_FINISH.</summary>
    public const int Run = 0,
        Finish = 3;

    private const string Library = "liblzma.so.5";

    /// <summary>Makes a decoder of one .xz stream; the first use of liblzma.</summary>
    /// <exception cref="CompressionException">liblzma is not installed, or there is no memory.</exception>
    public static void Start(ref Stream stream, ulong memory)
    {
        try
        {
            if (Decoder(ref stream, memory, 0) is not Ok and var error)
                throw new CompressionException($"xz: the decoder does not start (error {error})");
        }
        catch (DllNotFoundException)
        {
            throw new CompressionException("liblzma.so.5 is not installed; install liblzma5 (Debian), xz (Arch) or xz-libs (Fedora)");
        }
    }

    [LibraryImport(Library, EntryPoint = "lzma_code")]
    public static partial int Code(ref Stream stream, int action);

    [LibraryImport(Library, EntryPoint = "lzma_end")]
    public static partial void End(ref Stream stream);

    [LibraryImport(Library, EntryPoint = "lzma_stream_decoder")]
    private static partial int Decoder(ref Stream stream, ulong memory, uint flags);

    /// <summary>lzma_stream: what is read and written next, and what is liblzma's own.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 136)]
    public struct Stream
    {
        public nint Input;
        public nuint InputLeft;
        public ulong InputTotal;
        public nint Output;
        public nuint OutputLeft;
        public ulong OutputTotal;
        public nint Allocator,
            State;
    }
}
