namespace Gfxbake.Formats.Offload;

/// <summary>The GPUs that code for a generic target runs on.</summary>
/// <remarks>
/// LLVM's AMDGPUUsage, "Generic Processors". The numbers alone don't tell: gfx9-generic leaves gfx908 and gfx90a out. What the
/// list lacks counts as not covered: a library that keeps code for nobody is worse than one that stays whole.
/// </remarks>
public static class GenericTargets
{
    private static readonly Dictionary<string, string[]> Covered = new(StringComparer.Ordinal)
    {
        ["gfx9-generic"] = ["gfx900", "gfx902", "gfx904", "gfx906", "gfx909", "gfx90c"],
        ["gfx9-4-generic"] = ["gfx940", "gfx941", "gfx942", "gfx950"],
        ["gfx10-1-generic"] = ["gfx1010", "gfx1011", "gfx1012", "gfx1013"],
        ["gfx10-3-generic"] = ["gfx1030", "gfx1031", "gfx1032", "gfx1033", "gfx1034", "gfx1035", "gfx1036"],
        ["gfx11-generic"] = ["gfx1100", "gfx1101", "gfx1102", "gfx1103", "gfx1150", "gfx1151", "gfx1152", "gfx1153"],
        ["gfx12-generic"] = ["gfx1200", "gfx1201"],
        ["gfx12-5-generic"] = ["gfx1250", "gfx1251"],
    };

    /// <param name="generic">Name of the generic target, such as gfx11-generic; any other name covers nothing.</param>
    /// <param name="processor">A GPU without features.</param>
    public static bool Covers(string generic, string processor) =>
        Covered.TryGetValue(generic, out var processors) && processors.Contains(processor);

    /// <summary>Whether one generic target covers both GPUs: their code is so alike that one may pass for the other.</summary>
    public static bool AreAlike(string one, string other) => Covered.Values.Any(c => c.Contains(one) && c.Contains(other));
}
