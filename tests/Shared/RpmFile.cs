using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Gfxbake.Tests;

/// <summary>Makes package files as rpm has them, with entries of any kind; knows nothing of the code under test.</summary>
internal static class RpmFile
{
    private static readonly byte[] Magic = [0x8E, 0xAD, 0xE8, 0x01, 0, 0, 0, 0];

    /// <summary>A package of version 1-1 that says which SHA-256 its payload has.</summary>
    public static byte[] Of(string name, params RpmItem[] items)
    {
        var payload = Gzip(Cpio(items));
        var header = RpmHeaderBuilder.Package(name).Text(1125, "gzip").Texts(5092, Convert.ToHexStringLower(SHA256.HashData(payload)));
        return Of(header, payload);
    }

    public static byte[] Of(RpmHeaderBuilder header, byte[] payload)
    {
        var lead = new byte[96];
        new byte[] { 0xED, 0xAB, 0xEE, 0xDB }.CopyTo(lead, 0);
        byte[] signature = [.. Magic, .. new byte[8]];
        return [.. lead, .. signature, .. Magic, .. header.Build(), .. payload];
    }

    public static byte[] Cpio(params RpmItem[] items)
    {
        var cpio = new MemoryStream();
        foreach (var item in items.Append(new RpmItem("TRAILER!!!", "", 0)))
        {
            var (name, text) = (Encoding.UTF8.GetBytes(item.Path + "\0"), Encoding.UTF8.GetBytes(item.Text));
            int[] fields = [item.Inode, item.Mode, 0, 0, item.Links, 1_000_000, text.Length, 0, 0, 0, 0, name.Length, 0];
            Padded(cpio, [.. "070701"u8, .. fields.SelectMany(Field), .. name]);
            Padded(cpio, text);
        }

        return cpio.ToArray();
    }

    /// <summary>rpm's own form: entries by their number in the header.</summary>
    public static byte[] Stripped(params (int Index, string Text)[] entries)
    {
        var cpio = new MemoryStream();
        foreach (var (index, text) in entries)
        {
            Padded(cpio, [.. "07070X"u8, .. Field(index)]);
            Padded(cpio, Encoding.UTF8.GetBytes(text));
        }

        cpio.Write(Cpio());
        return cpio.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Field(int value) => Encoding.ASCII.GetBytes(value.ToString("x8", CultureInfo.InvariantCulture));

    private static void Padded(MemoryStream cpio, byte[] bytes)
    {
        cpio.Write(bytes);
        cpio.Write(new byte[(4 - bytes.Length % 4) % 4]);
    }
}

/// <summary>An entry of a package's archive.</summary>
/// <param name="Path">As it stands there.</param>
/// <param name="Text">Content of a file, target of a link.</param>
/// <param name="Mode">With its kind.</param>
/// <param name="Links">Names of the file.</param>
/// <param name="Inode">The same for all of them.</param>
internal sealed record RpmItem(string Path, string Text = "", int Mode = RpmItem.Regular, int Links = 1, int Inode = 1)
{
    public const int Regular = 0x81A4,
        Setuid = 0x89ED,
        Program = 0x81ED,
        Directory = 0x41ED,
        Symbolic = 0xA1FF,
        Device = 0x21B6;
}
