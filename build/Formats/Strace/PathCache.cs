using System.Buffers.Binary;

namespace Gfxbake.Formats.Strace;

/// <summary>Gives the same bytes the same string without a new allocation, in a table of fixed size.</summary>
/// <remarks>
/// Each hash has one place and the newcomer takes it: no collision can make it slow or large. Long paths aren't kept.
/// </remarks>
internal sealed class PathCache
{
    private const int Places = 1 << 14;
    private const int LongestKey = 256;

    private readonly (byte[] Key, string Path)[] table = new (byte[], string)[Places];

    public string? Find(ReadOnlySpan<byte> key)
    {
        if (key.Length > LongestKey)
        {
            return null;
        }
        ref readonly (byte[] Key, string Path) place = ref table[Place(key)];
        return place.Key is not null && key.SequenceEqual(place.Key) ? place.Path : null;
    }

    public void Keep(ReadOnlySpan<byte> key, string path)
    {
        if (key.Length <= LongestKey)
            table[Place(key)] = (key.ToArray(), path);
    }

    private static int Place(ReadOnlySpan<byte> key)
    {
        const ulong Prime = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)key.Length * Prime;
        for (; key.Length >= 8; key = key[8..])
            hash = (ulong.RotateLeft(hash, 29) ^ BinaryPrimitives.ReadUInt64LittleEndian(key)) * Prime;
        foreach (byte b in key)
            hash = (ulong.RotateLeft(hash, 9) ^ b) * Prime;
        return (int)(hash >> (64 - 14));
    }
}
