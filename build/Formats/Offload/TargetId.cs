using System.Text.RegularExpressions;

namespace Gfxbake.Formats.Offload;

/// <summary>What a code object runs on: a processor and the features that it was compiled for, such as gfx90a:sramecc+:xnack-.</summary>
/// <remarks>Syntax and rules: LLVM's AMDGPUUsage, "Target ID"; how HIP chooses: clr's hip_fatbin.cpp and comgr.</remarks>
public sealed partial record TargetId
{
    private TargetId(string processor, IReadOnlyDictionary<string, bool> features) => (Processor, Features) = (processor, features);

    /// <summary>For instance gfx1151, gfx11-generic or amdgcnspirv.</summary>
    public string Processor { get; }

    /// <summary>Features by name; true is +, false is -. One that is not there means: either.</summary>
    public IReadOnlyDictionary<string, bool> Features { get; }

    public bool IsGeneric => Processor.EndsWith("-generic", StringComparison.Ordinal);

    /// <summary>Null when the text is no target id.</summary>
    public static TargetId? TryParse(string text)
    {
        if (text.Length > LongestText || !Syntax().IsMatch(text))
            return null;
        var parts = text.Split(':');
        var features = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var part in parts[1..])
        {
            if (!features.TryAdd(part[..^1], part[^1] == '+'))
                return null;
        }

        return new TargetId(parts[0], features);
    }

    /// <exception cref="FormatException">The text is no target id.</exception>
    public static TargetId Parse(string text) =>
        TryParse(text)
        ?? throw new FormatException($"'{text}' is no GPU; write a name such as gfx1151 or gfx90a:xnack- (AMDGPUUsage, \"Target ID\")");

    /// <summary>
    /// Whether code for this target is for exactly the GPU that is wanted: it, or a GPU of that name, may have features that the other
    /// leaves open.
    /// </summary>
    public bool IsFor(TargetId wanted) =>
        Processor == wanted.Processor && Features.All(f => !wanted.Features.TryGetValue(f.Key, out var set) || set == f.Value);

    /// <summary>Whether code for this generic target runs on the GPU that is wanted.</summary>
    public bool IsGenericFor(TargetId wanted) =>
        GenericTargets.Covers(Processor, wanted.Processor)
        && Features.All(f => !wanted.Features.TryGetValue(f.Key, out var set) || set == f.Value);

    public override string ToString() => Processor + string.Concat(Features.Select(f => $":{f.Key}{(f.Value ? '+' : '-')}"));

    public bool Equals(TargetId? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private const int LongestText = 128;

    [GeneratedRegex("^(gfx[0-9]+(-[0-9]+)?-generic|gfx[0-9a-f]{3,}|amdgcnspirv)(:[a-z0-9]+[+-])*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Syntax();
}
