using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Gfxbake.Formats.Xz;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Rpm;

/// <summary>A package file: what it says of itself, and its files as they come.</summary>
/// <remarks>
/// Format: rpm's docs/manual/format_v4.md and format_v6.md. Its signatures are not looked at: who opens one has checked the digest of the
/// whole file.
/// </remarks>
public sealed class RpmArchive
{
    private const int LeadBytes = 96;
    private const int IntroBytes = 16;
    private const uint LeadMagic = 0xEDABEEDB;

    // The magic and the version of a header.
    private const uint HeaderMagic = 0x8EADE801;

    // rpm itself takes no larger one (HEADER_DATA_MAX of lib/header.c is 256 MiB; no package comes near).
    private const int MostHeader = 64 << 20;

    private const uint PayloadFormatTag = 1124,
        CompressorTag = 1125,
        PayloadSha256Tag = 5092;

    private readonly Stream source;
    private readonly string compressor;
    private readonly string? payloadSha256;
    private readonly Lazy<IReadOnlyList<CpioEntry>> listed;

    private RpmArchive(Stream source, RpmPackage package, RpmHeader header)
    {
        this.source = source;
        compressor = header.Text(CompressorTag) ?? "gzip";
        payloadSha256 = header.Text(PayloadSha256Tag);
        listed = new(() => ListedFiles.Of(package, header));
        (Name, Version, Licence, Architecture) = (package.Name, package.FullVersion, package.Licence, package.Architecture);
    }

    public string Name { get; }

    /// <summary>[EPOCH:]VERSION-RELEASE.</summary>
    public string Version { get; }

    /// <summary>The field License, or null.</summary>
    public string? Licence { get; }

    public string Architecture { get; }

    /// <summary>Reads up to the first file.</summary>
    /// <param name="source">The package; stays open.</param>
    /// <exception cref="FormatException">It is no package of rpm, or a broken one.</exception>
    public static RpmArchive Open(Stream source)
    {
        Span<byte> lead = stackalloc byte[LeadBytes];
        if (source.ReadAtLeast(lead, LeadBytes, throwOnEndOfStream: false) != LeadBytes || Number(lead) != LeadMagic)
            throw new FormatException("it is no package of rpm");
        var signature = Header(source);
        // The header behind it starts at a multiple of eight bytes.
        Skip(source, (8 - signature.Length % 8) % 8);
        var blob = Header(source);
        var package = RpmPackage.Read(blob);
        var header = RpmHeader.Read(blob);
        return header.Text(PayloadFormatTag) is null or "cpio"
            ? new RpmArchive(source, package, header)
            : throw new FormatException($"its files are in the form '{header.Text(PayloadFormatTag)}'; only cpio is read");
    }

    /// <summary>Its files, in their order; an entry's content must be read before the next one.</summary>
    /// <exception cref="FormatException">It is broken, or compressed in a way that is not read.</exception>
    public IEnumerable<CpioEntry> Files()
    {
        using var payload = Payload();
        foreach (var entry in CpioReader.Read(payload, listed))
            yield return entry;
    }

    /// <summary>
    /// Whether what follows is what the header means; true where it says nothing. It shows damage, not who made the package. Files can't be
    /// read any more afterwards.
    /// </summary>
    public bool PayloadIsWhole() =>
        payloadSha256 is not { Length: 2 * SHA256.HashSizeInBytes } || Convert.ToHexStringLower(SHA256.HashData(source)) == payloadSha256;

    private Stream Payload() =>
        compressor switch
        {
            "zstd" => new ZstdReadStream(source),
            "xz" => new XzReadStream(source),
            "gzip" => new GZipStream(source, CompressionMode.Decompress, leaveOpen: true),
            _ => throw new FormatException($"its files are compressed with '{compressor}'; zstd, xz and gzip are read"),
        };

    /// <summary>A header as rpm's database keeps it, without its magic.</summary>
    private static byte[] Header(Stream source)
    {
        Span<byte> intro = stackalloc byte[IntroBytes];
        if (source.ReadAtLeast(intro, IntroBytes, throwOnEndOfStream: false) != IntroBytes || Number(intro) != HeaderMagic)
            throw new FormatException("a header does not begin as one");
        var (entries, bytes) = ((long)Number(intro[8..]), (long)Number(intro[12..]));
        var length = 8 + entries * 16 + bytes;
        if (length > MostHeader)
            throw new FormatException($"a header of {length} bytes; at most {MostHeader} are read");
        var blob = new byte[length];
        intro[8..].CopyTo(blob);
        if (source.ReadAtLeast(blob.AsSpan(8), blob.Length - 8, throwOnEndOfStream: false) != blob.Length - 8)
            throw new FormatException("it ends in the middle of a header");
        return blob;
    }

    private static void Skip(Stream source, int bytes)
    {
        Span<byte> padding = stackalloc byte[8];
        if (source.ReadAtLeast(padding[..bytes], bytes, throwOnEndOfStream: false) != bytes)
            throw new FormatException("it ends behind its signature");
    }

    private static uint Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
