namespace Gfxbake.Formats.Gguf;

/// <summary>Bell-shaped numbers from a seed, the same on every machine and runtime.</summary>
/// <remarks>
/// System.Random's sequence may change with the runtime, and the last bit of Math.Log or Math.Cos with the C library.
/// So: SplitMix64 (Steele, Lea, Flood 2014), and the sum of twelve 16-bit uniforms, whose standard deviation is 65536
/// to a part in 10^10. All of it is integer arithmetic but for the last division by a power of two.
/// </remarks>
public sealed class SeededNumbers(ulong seed)
{
    private const int UniformsPerSum = 12;
    private const double Mean = UniformsPerSum * 65535 / 2.0;
    private const double Deviation = 65536;

    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var mixed = _state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>A number with mean 0 and standard deviation 1, between -6 and 6.</summary>
    public double NextBell()
    {
        var sum = 0L;
        for (var word = 0; word < UniformsPerSum / 4; word++)
        {
            var bits = NextBits();
            sum += (long)((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48));
        }

        return (sum - Mean) / Deviation;
    }
}
