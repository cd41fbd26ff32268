namespace Gfxbake.Recipes.Shared;

/// <summary>Says in words which kernels a ROCr is for.</summary>
public static class RocrText
{
    /// <summary>The kernels that have the fix: "mainline 6.18.4, Ubuntu 24.04 OEM 6.14.0-1018 or newer".</summary>
    public static string Fixed(RocrRule rule) => string.Join(", ", rule.Kernels.Select(k => $"{k.Name} {k.From}")) + " or newer";

    /// <summary>How a ROCr gets on with kernels: for the image's label.</summary>
    public static string Kernels(RocrRule rule, string version) =>
        rule.Of(version) is { } range
            ? $"{Word(range.WithFix)} on {Fixed(rule)}; {Word(range.WithoutFix)} on older ones"
            : $"not known; {Fixed(rule)} have the fix that {string.Join(", ", rule.Gpus)} needs";

    /// <summary>One line for people: the ROCr and its kernels.</summary>
    public static string Line(HostFacts hosts, string gpu, string version) =>
        $"ROCr {version}" + (hosts.RuleOf(gpu) is { } rule ? $", kernels for {gpu}: {Kernels(rule, version)}" : "");

    /// <summary>The versions to ship, which work with the fix and are not broken without it: "7.2.1 to 7.2.4, 7.11.0 to 7.14.1".</summary>
    public static string Working(RocrRule rule) =>
        string.Join(", ", rule.Versions.Where(r => r.WithFix == KernelVerdict.Works && r.WithoutFix != KernelVerdict.Broken));

    private static string Word(KernelVerdict verdict) => verdict.ToString().ToLowerInvariant();
}
