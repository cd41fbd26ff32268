using Gfxbake.Pipeline.Numbers;

namespace Gfxbake.Pipeline.Trace;

/// <param name="Name">The workload.</param>
/// <param name="Device">The device that it ran on; null for the CPU, and where nothing ran.</param>
/// <param name="On">How a sentence names what it ran on.</param>
/// <param name="Problems">Everything that differs from the full image's run or from the expectations; empty when it passed.</param>
public sealed record WorkloadVerdict(string Name, string? Device, string On, IReadOnlyList<string> Problems)
{
    public const string Cpu = "the CPU";

    /// <summary>Of what is looked at and not run.</summary>
    public const string Nothing = "nothing";

    /// <summary>
    /// Why it says nothing of the image: its device is not installed, or failed and does not count. Null where it was run and counts.
    /// </summary>
    public string? Unproven { get; init; }

    /// <summary>What its answers were compared with, number by number.</summary>
    public IReadOnlyList<NumberComparison> Numbers { get; init; } = [];
}
