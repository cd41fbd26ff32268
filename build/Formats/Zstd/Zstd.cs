using System.Runtime.InteropServices;

namespace Gfxbake.Formats.Zstd;

/// <summary>The few functions of libzstd that are used here (zstd.h, stable API since 1.4).</summary>
internal static partial class Zstd
{
    /// <summary>ZSTD_cParameter and ZSTD_dParameter values.</summary>
    public const int CompressionLevel = 100,
        WindowLog = 101,
        LongDistanceMatching = 160,
        ContentSizeFlag = 200,
        ChecksumFlag = 201,
        Workers = 400;

    /// <summary>ZSTD_EndDirective.</summary>
    public const int Continue = 0,
        End = 2;

    private const string Library = "libzstd.so.1";

    /// <summary>A piece of memory as ZSTD_inBuffer and ZSTD_outBuffer describe it; both have the same layout.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public nint Start;
        public nuint Size,
            Position;
    }

    /// <exception cref="CompressionException">The result of a function is an error.</exception>
    public static nuint Check(nuint result) =>
        IsError(result) == 0 ? result : throw new CompressionException($"zstd: {Marshal.PtrToStringUTF8(ErrorName(result))}");

    /// <summary>Makes an encoder or decoder; the first use of libzstd.</summary>
    /// <exception cref="CompressionException">libzstd is not installed, or there is no memory.</exception>
    public static nint Create(Func<nint> create)
    {
        try
        {
            return create() is not 0 and var made ? made : throw new CompressionException("zstd: not enough memory");
        }
        catch (DllNotFoundException)
        {
            throw new CompressionException("libzstd.so.1 is not installed; install libzstd1 (Debian), zstd (Arch) or libzstd (Fedora)");
        }
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateDecoder();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDecoder(nint decoder);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decompress(nint decoder, ref Buffer output, ref Buffer input);

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateEncoder();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeEncoder(nint encoder);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nuint SetParameter(nint encoder, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setPledgedSrcSize")]
    public static partial nuint SetContentSize(nint encoder, ulong bytes);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressStream2")]
    public static partial nuint Compress(nint encoder, ref Buffer output, ref Buffer input, int directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint result);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint ErrorName(nuint result);
}
