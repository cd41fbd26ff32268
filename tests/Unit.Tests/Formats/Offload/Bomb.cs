using System.Security.Cryptography;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Unit.Tests.Formats.Offload;

/// <summary>A compressed bundle of code for gfx1151 and of far more zeros for gfx1100.</summary>
internal static class Bomb
{
    public static BundleBuilder Of(long zeros)
    {
        var start = BundleBuilder.For(100, "gfx1151", "gfx1100").Plain();
        var row = BundleBuilder.For(100, "gfx1151", "gfx1100").RowOf(2);
        start.Put(row + 8, (ulong)zeros);
        Array.Resize(ref start, 8192);
        var data = new MemoryStream();
        // The hash is wrong: nobody knows before all of it is unpacked.
        using (var packed = new ZstdWriteStream(data, new ZstdEffort(1, LongDistance: false), start.Length + zeros))
        {
            packed.Write(start);
            var block = new byte[1 << 20];
            for (long done = 0; done < zeros; done += block.Length)
                packed.Write(block);
            packed.Finish();
        }

        byte[] built =
        [
            .. "CCOB"u8,
            3,
            0,
            1,
            0,
            .. BitConverter.GetBytes(32 + data.Length),
            .. BitConverter.GetBytes(start.Length + zeros),
            .. RandomNumberGenerator.GetBytes(8),
            .. data.ToArray(),
        ];
        return BundleBuilder.For("gfx1151") with { Edit = _ => built };
    }
}
