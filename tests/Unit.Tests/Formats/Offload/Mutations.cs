namespace Gfxbake.Unit.Tests.Formats.Offload;

/// <summary>Damages a library at random, more often where it hurts: in headers, tables and length fields.</summary>
internal sealed class Mutations(Random random)
{
    private static readonly ulong[] Extremes =
    [
        0,
        1,
        ulong.MaxValue,
        1UL << 31,
        uint.MaxValue,
        1UL << 63,
        (1UL << 63) - 1,
        4096,
        1UL << 34,
        ulong.MaxValue - 4095,
    ];

    public byte[] Of(byte[] library, IReadOnlyList<(int Start, int Length)> places)
    {
        var file = library.ToArray();
        for (var count = 1 + random.Next(5); count > 0; count--)
        {
            if (file.Length < 64)
                break;
            file = Once(file, places);
        }

        return file;
    }

    private byte[] Once(byte[] file, IReadOnlyList<(int Start, int Length)> places)
    {
        var at = Math.Min(Place(places), file.Length - 8);
        switch (random.Next(100))
        {
            case < 40:
                file[at] ^= (byte)(1 << random.Next(8));
                return file;
            case < 75:
                file.Put(at & ~7, Extreme());
                return file;
            case < 82:
                BitConverter.TryWriteBytes(file.AsSpan(at & ~3, 4), (uint)Extreme());
                return file;
            case < 87:
                file.Put(at & ~7, file.Get(at & ~7) + (ulong)random.Next(-3, 4) * (random.Next(2) == 0 ? 1UL : 4096UL));
                return file;
            case < 90:
                return file[..random.Next(file.Length)];
            case < 93:
                return file[..^random.Next(Math.Min(file.Length, 300))];
            case < 96:
                return [.. file, .. new byte[random.Next(5000)]];
            default:
                Swap(file, at & ~7, Math.Min(Place(places), file.Length - 8) & ~7, 8 * (1 + random.Next(8)));
                return file;
        }
    }

    private ulong Extreme() => random.Next(4) > 0 ? Extremes[random.Next(Extremes.Length)] : (ulong)random.Next(1 << 17);

    private int Place(IReadOnlyList<(int Start, int Length)> places)
    {
        var (start, length) = places[random.Next(places.Count)];
        return start + random.Next(Math.Max(1, length));
    }

    private static void Swap(byte[] file, int a, int b, int length)
    {
        length = Math.Min(length, Math.Min(file.Length - Math.Max(a, b), Math.Abs(a - b)));
        var first = file.AsSpan(a, length).ToArray();
        file.AsSpan(b, length).CopyTo(file.AsSpan(a));
        first.CopyTo(file.AsSpan(b));
    }
}
