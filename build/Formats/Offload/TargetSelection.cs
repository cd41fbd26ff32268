namespace Gfxbake.Formats.Offload;

/// <summary>
/// Chooses the entries of a bundle as the HIP runtime would: exact code first, generic code only where there is none, SPIR-V last.
/// </summary>
internal static class TargetSelection
{
    private const string Spirv = "amdgcnspirv";

    /// <summary>
    /// The entries that some wanted GPU uses, and the host's, in the table's order; and the GPUs for which there is none.
    /// </summary>
    public static (IReadOnlyList<BundleEntry> Kept, IReadOnlyList<TargetId> Missing) Choose(
        IReadOnlyList<BundleEntry> entries,
        IReadOnlyList<TargetId> wanted
    )
    {
        var kept = new HashSet<BundleEntry>(ReferenceEqualityComparer.Instance);
        var missing = new List<TargetId>();
        foreach (var gpu in wanted)
        {
            var code = Of(entries, t => t.IsFor(gpu));
            if (code.Count == 0)
                code = Of(entries, t => t.IsGenericFor(gpu));
            if (code.Count == 0)
                code = Of(entries, t => t.Processor == Spirv);
            if (code.Count == 0)
                missing.Add(gpu);
            kept.UnionWith(code);
        }

        return ([.. entries.Where(e => e.IsHost || kept.Contains(e))], missing);
    }

    private static List<BundleEntry> Of(IReadOnlyList<BundleEntry> entries, Func<TargetId, bool> serves) =>
        [.. entries.Where(e => e.Size > 0 && e.Target is { } target && serves(target))];
}
