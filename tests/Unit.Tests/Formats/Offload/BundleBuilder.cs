using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Unit.Tests.Formats.Offload;

/// <summary>Builds an offload bundle byte by byte, plain or compressed, as clang-offload-bundler writes it.</summary>
internal sealed record BundleBuilder
{
    public const string Host = "host-x86_64-unknown-linux-gnu-",
        Amd = "hipv4-amdgcn-amd-amdhsa--",
        Spirv = "hip-spirv64-amd-amdhsa--amdgcnspirv";

    /// <summary>Ids with their code; the host's has none.</summary>
    public required IReadOnlyList<(string Id, byte[] Code)> Entries { get; init; }

    /// <summary>1 to 3; null for a plain bundle.</summary>
    public int? Version { get; init; }

    public BundleMethod Method { get; init; } = BundleMethod.Zstd;

    public int Alignment { get; init; } = 4096;

    /// <summary>Damages the bundle before it is compressed; its hash is that of the damaged one.</summary>
    public Action<byte[]>? EditPlain { get; init; }

    /// <summary>Damages the bundle as it stands in the file.</summary>
    public Func<byte[], byte[]>? Edit { get; init; }

    /// <summary>A bundle with the host's entry and code for these targets.</summary>
    public static BundleBuilder For(params string[] targets) => For(3000, targets);

    /// <param name="size">About how many bytes of code each target has; every second one can't be compressed.</param>
    /// <param name="targets">For instance gfx1100 or amdgcnspirv.</param>
    public static BundleBuilder For(int size, params string[] targets) =>
        new() { Entries = [(Host, []), .. targets.Select((t, i) => (IdOf(t), Code(t, size + (i * 7), compressible: i % 2 == 1)))] };

    public static string IdOf(string target) => target == "amdgcnspirv" ? Spirv : Amd + target;

    public static byte[] Code(string name, int size, bool compressible)
    {
        var code = new byte[size];
        var random = new Random(name.Sum(c => c * 31) + size);
        if (compressible)
        {
            for (var i = 0; i < size; i++)
                code[i] = (byte)(i % 97 == 0 ? random.Next(256) : name[i % name.Length]);
        }
        else
        {
            random.NextBytes(code);
        }

        return code;
    }

    public byte[] Build()
    {
        var plain = Plain();
        EditPlain?.Invoke(plain);
        var built = Version is { } version ? Compressed(plain, version) : plain;
        return Edit is null ? built : Edit(built);
    }

    public byte[] Plain()
    {
        var table = 32 + Entries.Sum(e => 24 + e.Id.Length);
        var end = RoundUp(table);
        var places = new List<int>();
        foreach (var (_, code) in Entries)
        {
            places.Add(end);
            if (code.Length > 0)
                end = RoundUp(end + code.Length);
        }

        var length = Entries.Zip(places).Max(e => e.Second + e.First.Code.Length);
        var bundle = new byte[length];
        "__CLANG_OFFLOAD_BUNDLE__"u8.CopyTo(bundle);
        BinaryPrimitives.WriteInt64LittleEndian(bundle.AsSpan(24), Entries.Count);
        var at = 32;
        foreach (var ((id, code), place) in Entries.Zip(places))
        {
            BinaryPrimitives.WriteInt64LittleEndian(bundle.AsSpan(at), place);
            BinaryPrimitives.WriteInt64LittleEndian(bundle.AsSpan(at + 8), code.Length);
            BinaryPrimitives.WriteInt64LittleEndian(bundle.AsSpan(at + 16), id.Length);
            at += 24 + Encoding.ASCII.GetBytes(id, bundle.AsSpan(at + 24));
            code.CopyTo(bundle, place);
        }

        return bundle;
    }

    /// <summary>Where in the table the row of an entry starts.</summary>
    public int RowOf(int index) => 32 + Entries.Take(index).Sum(e => 24 + e.Id.Length);

    public static byte[] Compress(byte[] plain, BundleMethod method)
    {
        var packed = new MemoryStream();
        using (
            Stream to =
                method == BundleMethod.Zstd
                    ? new ZstdWriteStream(packed, new ZstdEffort(3, LongDistance: false), plain.Length)
                    : new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)
        )
        {
            to.Write(plain);
            (to as ZstdWriteStream)?.Finish();
        }

        return packed.ToArray();
    }

    public static byte[] Unpack(byte[] packed, BundleMethod method)
    {
        var plain = new MemoryStream();
        using Stream from =
            method == BundleMethod.Zstd
                ? new ZstdReadStream(new MemoryStream(packed))
                : new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        from.CopyTo(plain);
        return plain.ToArray();
    }

    private byte[] Compressed(byte[] plain, int version)
    {
        var data = Compress(plain, Method);
        var total =
            data.Length
            + (
                version switch
                {
                    1 => 20,
                    2 => 24,
                    _ => 32,
                }
            );
#pragma warning disable CA5351 // MD5 is what the format uses.
        var hash = MD5.HashData(plain)[..8];
#pragma warning restore CA5351
        byte[] sizes = version switch
        {
            1 => BitConverter.GetBytes(plain.Length),
            2 => [.. BitConverter.GetBytes(total), .. BitConverter.GetBytes(plain.Length)],
            _ => [.. BitConverter.GetBytes((long)total), .. BitConverter.GetBytes((long)plain.Length)],
        };
        return [.. "CCOB"u8, (byte)version, 0, (byte)Method, 0, .. sizes, .. hash, .. data];
    }

    private int RoundUp(int bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
