namespace Gfxbake.Formats.Offload;

/// <summary>Decides what stays in a library, or why it has to stay whole.</summary>
public static class OffloadPlanner
{
    internal const int Page = 4096;

    // The compressed form that every HIP with compressed bundles knows (clang 18 on); version 3 came with clang 21.
    private const int WidestVersion = 2;

    // A bundle that is unpacked or packed lies in memory.
    private const long MostInMemory = 1L << 30;

    /// <summary>What to write so that only code for the targets stays; null when nothing would change.</summary>
    /// <exception cref="OffloadRefusedException">Nothing of use would be left, or the file's layout doesn't allow it.</exception>
    public static OffloadRewrite? Plan(FatBinary source, IReadOnlyList<TargetId> targets, OffloadForm form)
    {
        ArgumentOutOfRangeException.ThrowIfZero(targets.Count);
        if (form == OffloadForm.None)
            return null;
        if (source.Wrappers.Count == 0)
        {
            throw new OffloadRefusedException(
                $"it has {source.Section.Length:N0} bytes of GPU code but no "
                    + $"{FatBinaryReader.WrapperSection} that says where each part starts"
            );
        }

        if (source.Bundles[0].Address != source.Section.Address)
        {
            throw new OffloadRefusedException(
                $"{FatBinaryReader.CodeSection} starts with "
                    + $"{source.Bundles[0].Address - source.Section.Address:N0} bytes that nothing points to"
            );
        }

        RefuseUnknown(source);
        RefuseMissing(source, targets);
        var wanted = Rewrites(source, targets, form);
        // Before the layout is looked at: that of a file that was rewritten may be none to split again.
        if (wanted.All(ChangesNothing))
            return null;
        var split = SegmentSplit.Of(source);
        var rewrite = new OffloadRewrite
        {
            Source = source,
            Targets = targets,
            Bundles = wanted,
        };
        if (form == OffloadForm.Raw && PackedLength(wanted) > split.Room)
        {
            rewrite = rewrite with
            {
                Bundles = wanted = Rewrites(source, targets, OffloadForm.Slim),
                Note =
                    $"stays compressed: plain, its code takes {PackedLength(wanted):N0} bytes, "
                    + $"and the library has room for {split.Room:N0}",
            };
        }

        return wanted.All(ChangesNothing) || (wanted.All(b => b.IsCopy) && PackedLength(wanted) >= split.Room) ? null : rewrite;
    }

    /// <summary>Bytes of plain bundles, each from the start of a page.</summary>
    private static long PackedLength(IEnumerable<BundleRewrite> bundles) => bundles.Sum(b => RoundUp(b.Length));

    internal static long RoundUp(long bytes) => (bytes + Page - 1) & ~(Page - 1L);

    private static bool ChangesNothing(BundleRewrite bundle) =>
        bundle.Kept.Count == bundle.Source.Entries.Count && bundle.CompressedVersion is null == bundle.Source.Compression is null;

    private static List<BundleRewrite> Rewrites(FatBinary source, IReadOnlyList<TargetId> targets, OffloadForm form) =>
        [.. source.Bundles.Select(b => Rewrite(b, TargetSelection.Choose(b.Entries, targets).Kept, form))];

    internal static BundleRewrite Rewrite(OffloadBundle bundle, IReadOnlyList<BundleEntry> kept, OffloadForm form)
    {
        // HIP 6.4 reads the first 4096 bytes of a plain bundle and looks for all of its table there.
        if (BundleTable.SizeOf(kept) > Page)
            throw new OffloadRefusedException($"the table of a bundle at 0x{bundle.Offset:x} doesn't fit into a page");
        long next = Page,
            length = BundleTable.SizeOf(kept);
        var places = new Dictionary<BundleEntry, long>(ReferenceEqualityComparer.Instance);
        foreach (var entry in kept.Where(e => e.Size > 0).OrderBy(e => e.Offset))
        {
            places.Add(entry, next);
            length = next + entry.Size;
            next = RoundUp(length);
        }

        var rewrite = new BundleRewrite
        {
            Source = bundle,
            Kept = kept,
            Written = [.. kept.Select(e => e with { Offset = places.GetValueOrDefault(e, Page) })],
            Length = Math.Max(length, kept.Any(e => e.Size == 0) ? Page : length),
            CompressedVersion = VersionOf(bundle, form, length),
        };
        return rewrite.IsCopy || length <= MostInMemory
            ? rewrite
            : throw new OffloadRefusedException(
                $"the code that stays of the bundle at 0x{bundle.Offset:x} has {length:N0} bytes; "
                    + $"at most {MostInMemory:N0} are packed at a time"
            );
    }

    private static int? VersionOf(OffloadBundle bundle, OffloadForm form, long length) =>
        form switch
        {
            OffloadForm.Raw => null,
            _ when bundle.Compression is { } header => Math.Max(header.Version, WidestVersion),
            OffloadForm.Compress => length < uint.MaxValue ? WidestVersion : WidestVersion + 1,
            _ => null,
        };

    private static void RefuseUnknown(FatBinary source)
    {
        var unknown = source
            .Bundles.SelectMany(b => b.Entries)
            .Where(e => !e.IsHost && e.Target is null)
            .Select(e => e.Id)
            .Distinct()
            .Take(5)
            .ToList();
        if (unknown.Count > 0)
            throw new OffloadRefusedException($"it has code of a kind that is not known here: {string.Join(", ", unknown)}");
    }

    private static void RefuseMissing(FatBinary source, IReadOnlyList<TargetId> targets)
    {
        var lacking = source.Bundles.Select(b => TargetSelection.Choose(b.Entries, targets).Missing).Where(m => m.Count > 0).ToList();
        if (lacking.Count == 0)
            return;
        var missing = targets.Where(t => lacking.Any(m => m.Contains(t))).ToList();
        var everywhere = lacking.Count == source.Bundles.Count;
        var held = source.Targets.ToList();
        throw new OffloadRefusedException(
            everywhere
                ? $"it has {string.Join(", ", held)}, not {string.Join(", ", missing)}; {Advice(held, missing[0])}"
                : $"{lacking.Count:N0} of its {source.Bundles.Count:N0} bundles have no code for {string.Join(", ", missing)}; "
                    + $"it has {string.Join(", ", held)}"
        );
    }

    /// <summary>GPUs of one major version can often run each other's code; the runtime then has to be told another number.</summary>
    private static string Advice(IEnumerable<string> held, TargetId missing)
    {
        const string OtherBuild = "take a build that has it";
        if (missing.IsGeneric || missing.Processor.Length < 6)
            return OtherBuild;
        var near = held.FirstOrDefault(h =>
            TargetId.TryParse(h) is { IsGeneric: false, Processor.Length: >= 6 } t
            && t.Processor != missing.Processor
            && t.Processor.Length == missing.Processor.Length
            && t.Processor[..^2] == missing.Processor[..^2]
        );
        if (near is null)
            return OtherBuild;
        var gpu = near.Split(':')[0];
        var (major, minor, stepping) = (gpu[3..^2], gpu[^2], Convert.ToInt32(gpu[^1..], 16));
        return $"run it as {near} with HSA_OVERRIDE_GFX_VERSION={major}.{minor}.{stepping}, or {OtherBuild}";
    }
}
