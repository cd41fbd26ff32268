using System.Text;
using Gfxbake.Formats.Images;

namespace Gfxbake.Unit.Tests.Formats.Images;

/// <summary>Makes tars byte by byte, wrong ones too; knows nothing of the code under test but how to open the result.</summary>
internal sealed class TarBuilder
{
    private readonly List<byte> tar = [];

    public long Length => tar.Count;

    public TarBuilder File(string name, string content = "", int mode = 0x1a4, long mtime = 1_700_000_000) =>
        Entry('0', name, content: Encoding.UTF8.GetBytes(content), mode: mode, mtime: mtime);

    public TarBuilder Directory(string name, int mode = 0x1ed) => Entry('5', name, mode: mode);

    public TarBuilder Link(string name, string target) => Entry('2', name, target, mode: 0x1ff);

    public TarBuilder HardLink(string name, string target) => Entry('1', name, target);

    public TarBuilder Pax(params (string Key, byte[] Value)[] records) => Metadata('x', Records(records));

    public TarBuilder Pax(string key, string value) => Pax((key, Encoding.UTF8.GetBytes(value)));

    public TarBuilder Metadata(char type, byte[] data) => Entry(type, "././@meta", content: data);

    public TarBuilder Entry(
        char type,
        string name,
        string link = "",
        byte[]? content = null,
        int mode = 0x1a4,
        long mtime = 1_700_000_000,
        int uid = 0,
        int gid = 0,
        int major = 0,
        int minor = 0,
        string prefix = "",
        Action<byte[]>? change = null
    )
    {
        var block = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(block, 0);
        Octal(block, 100, 7, mode);
        Octal(block, 108, 7, uid);
        Octal(block, 116, 7, gid);
        Octal(block, 124, 11, content?.Length ?? 0);
        Octal(block, 136, 11, mtime);
        block[156] = (byte)type;
        Encoding.UTF8.GetBytes(link).CopyTo(block, 157);
        "ustar\000"u8.CopyTo(block.AsSpan(257));
        Octal(block, 329, 7, major);
        Octal(block, 337, 7, minor);
        Encoding.UTF8.GetBytes(prefix).CopyTo(block, 345);
        change?.Invoke(block);
        Seal(block);
        return Raw(block).Raw(content ?? []).Raw(new byte[-(content?.Length ?? 0) & 511]);
    }

    public TarBuilder Raw(byte[] bytes)
    {
        tar.AddRange(bytes);
        return this;
    }

    /// <summary>The tar with its two zero blocks.</summary>
    public byte[] ToArray() => [.. tar, .. new byte[1024]];

    public ImageFileSystem Open() => Open(ToArray());

    public static ImageFileSystem Open(byte[] tar)
    {
        var path = Path.Combine(Path.GetTempPath(), $"gfxbake-test-{Guid.NewGuid():N}.tar");
        System.IO.File.WriteAllBytes(path, tar);
        try
        {
            return ImageFileSystem.Open(path);
        }
        finally
        {
            // The open handle keeps the content.
            System.IO.File.Delete(path);
        }
    }

    public static byte[] Records(params (string Key, byte[] Value)[] records)
    {
        var data = new MemoryStream();
        foreach (var (key, value) in records)
        {
            byte[] body = [(byte)' ', .. Encoding.UTF8.GetBytes(key), (byte)'=', .. value, (byte)'\n'];
            var length = body.Length;
            while ($"{length}".Length + body.Length != length)
                length++;

            data.Write(Encoding.ASCII.GetBytes($"{length}"));
            data.Write(body);
        }

        return data.ToArray();
    }

    public static void Seal(byte[] block)
    {
        block.AsSpan(148, 8).Fill((byte)' ');
        Octal(block, 148, 6, block.Sum(b => (long)b));
        block[154] = 0;
    }

    private static void Octal(byte[] block, int start, int digits, long value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(digits, '0')).CopyTo(block, start);
}
