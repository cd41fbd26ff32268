using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gfxbake.Unit.Tests.Formats.Comgr;

/// <summary>A folder with what a recorder writes: one target, one machine, one request.</summary>
internal sealed class RecordedParts : IDisposable
{
    public const string Target = "amdgcn-amd-amdhsa--gfx1100";

    /// <summary>The source that the harness asks to compile.</summary>
    public const string Source = "kernel";

    public static readonly string Request =
        $"action 12\nlanguage 1\nisa {Target}\ndevice-libs 0\noption -O3\nin 1 {Hex(Source)} source.cl\n";

    /// <param name="target">For which code the request was.</param>
    public RecordedParts(string target = Target)
    {
        var request = Request.Replace(Target, target, StringComparison.Ordinal);
        Write("version", [.. Number(3), .. Number(0)]);
        // {"Name": "gfx1100"}
        Write("isa-0000-" + Target, [.. Text(Target), .. Bytes([0x81, 0xa4, .. "Name"u8, 0xa7, .. "gfx1100"u8])]);
        Write("machine-3-65", [.. Number(3), .. Number(0x41), .. Text(Target)]);
        Write("request-" + Hex(request), Answer(request, "compiled"));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("gfxbake-parts-").FullName;

    public void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(Folder, name), bytes);

    public void Delete(string name) => File.Delete(Path.Combine(Folder, name));

    public static byte[] Answer(string request, string result) =>
        [
            .. SHA256.HashData(Encoding.UTF8.GetBytes(request)),
            .. Text(request),
            .. Number(1),
            .. Number(8),
            .. Text("out"),
            .. Text(result),
        ];

    public static byte[] Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes(byte[] bytes) => [.. Number((uint)bytes.Length), .. bytes, 0];

    public static byte[] Number(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
