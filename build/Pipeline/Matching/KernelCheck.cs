using System.Globalization;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Tensile;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Matching;

/// <summary>What a pairing has of code for GPUs.</summary>
public sealed record KernelFindings
{
    public IReadOnlyList<GpuCode> Gpus { get; init; } = [];

    /// <summary>What ends a computation.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What is worth knowing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Looks for code of the machine's GPUs in the backend and in the folder of rocBLAS's tables.</summary>
/// <param name="facts">Where tables lie.</param>
/// <param name="tree">The machine.</param>
/// <param name="found">What lies on it.</param>
public sealed class KernelCheck(RocmPlaces facts, MachineTree tree, MachineFindings found)
{
    private const string Override = "HSA_OVERRIDE_GFX_VERSION";
    private const string Spirv = "amdgcnspirv";

    private readonly Dictionary<string, (IReadOnlyList<TargetId>? Targets, string? Note)> read = new(StringComparer.Ordinal);

    public static KernelFindings Nothing { get; } = new();

    /// <param name="backend">The backend's library.</param>
    /// <param name="blas">rocBLAS as it would be loaded; null where it is not.</param>
    public KernelFindings Of(string backend, string? blas)
    {
        if (!read.TryGetValue(backend, out var code))
            read[backend] = code = Targets(backend);
        var folder = blas is null ? null : Folder(blas);
        List<string> notes = code.Note is null ? [] : [code.Note];
        List<string> problems = blas is not null && folder is null ? [$"{blas} has no folder of tables beside it"] : [];
        var tables = new TensileFolder(tree.Files);
        var gpus = new List<GpuCode>();
        foreach (var gpu in found.Gpus.Select(g => g.Name).Distinct(StringComparer.Ordinal))
        {
            var shown = Shown(gpu);
            var table = folder is null ? null : tables.TableOf(folder, shown, GpuNames.Covers);
            if (table is not null)
                problems.AddRange(Gaps(tables, table, shown));
            var one = new GpuCode
            {
                Gpu = gpu,
                As = shown,
                InBackend = code.Targets is null ? null : Has(code.Targets, shown),
                InBlas = folder is null ? null : table is not null,
            };
            gpus.Add(one.HasKernels ? one : WithOverride(one, code.Targets, folder, tables));
        }

        return new()
        {
            Gpus = gpus,
            Problems = problems,
            Notes = notes,
        };
    }

    /// <summary>GPUs that the backend's code and rocBLAS's tables are for, for people; null where that can't be read.</summary>
    public (IReadOnlyList<string>? Backend, IReadOnlyList<string>? Tables) Named(string backend, string? blas)
    {
        var folder = blas is null ? null : Folder(blas);
        return (
            Targets(backend).Targets is { } targets ? [.. targets.Select(t => t.Processor).Distinct().Order(StringComparer.Ordinal)] : null,
            folder is null ? null : [.. new TensileFolder(tree.Files).Gpus(folder).Distinct().Order(StringComparer.Ordinal)]
        );
    }

    /// <summary>11.0.0 of gfx1100, as ROCr reads it: three decimal numbers.</summary>
    public static string? VersionOf(string gpu)
    {
        var digits = gpu["gfx".Length..];
        return
            digits.Length is >= 3 and <= 4
            && int.TryParse(digits[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(digits[^2..^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var minor)
            && int.TryParse(digits[^1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var stepping)
            ? $"{major}.{minor}.{stepping}"
            : null;
    }

    private string Shown(string gpu) =>
        found.Variables.FirstOrDefault(v => v.Name == Override) is { } variable
            ? Run.HostValues.Gfx(variable.Value) ?? (TargetId.TryParse(variable.Value) is null ? gpu : variable.Value)
            : gpu;

    private string? Folder(string blas) =>
        facts
            .Tables.SelectMany(t => TreeGlob.Find(tree.Files, $"{ImagePath.Parent(blas)}/{t}"))
            .Select(p => tree.Files.Resolve(p).Target)
            .FirstOrDefault(e => e is { Kind: EntryKind.Directory })
            ?.Path;

    private static IEnumerable<string> Gaps(TensileFolder tables, string table, string gpu)
    {
        IReadOnlyList<TensileGap> gaps;
        string? broken = null;
        try
        {
            gaps = tables.Gaps(table, gpu);
        }
        catch (Exception error) when (error is TensileFormatException or IOException)
        {
            (gaps, broken) = ([], error.Message);
        }

        if (broken is not null)
            yield return broken;
        foreach (var gap in gaps.OrderBy(g => !g.IsTable).Take(1))
        {
            yield return $"{gap.Files[0]} is not there, and {gap.Table} names it: "
                + (gap.IsTable ? "rocBLAS ends with SIGSEGV when it opens it" : $"some computations on {gpu} fail")
                + (gaps.Count > 1 ? $" ({gaps.Count} such files)" : "");
        }
    }

    private (IReadOnlyList<TargetId>? Targets, string? Note) Targets(string backend)
    {
        try
        {
            using var stream = tree.Files.OpenFile(tree.Files.Resolve(backend).Target!);
            return FatBinaryReader.TryRead(stream) is { } fat
                ? ([.. fat.Bundles.SelectMany(b => b.Entries).Select(e => e.Target).OfType<TargetId>().Distinct()], null)
                : (null, $"{backend} has no GPU code that can be read, so for which GPUs it is stays open");
        }
        catch (Exception error) when (error is ElfFormatException or OffloadFormatException or IOException)
        {
            return (null, $"the GPU code of {backend} can't be read: {error.Message}");
        }
    }

    private static bool Has(IReadOnlyList<TargetId> targets, string gpu) =>
        TargetId.TryParse(gpu) is { } wanted && targets.Any(t => t.IsFor(wanted) || t.IsGenericFor(wanted) || t.Processor == Spirv);

    /// <summary>Another GPU of the same kind whose code both have: of the same generation first, then the oldest.</summary>
    private static GpuCode WithOverride(GpuCode one, IReadOnlyList<TargetId>? targets, string? folder, TensileFolder tables)
    {
        var named = targets?.Select(t => t.Processor) ?? (folder is null ? [] : tables.Gpus(folder));
        var other = named
            .Distinct(StringComparer.Ordinal)
            .Where(p => p != one.As && GenericTargets.AreAlike(p, one.Gpu) && VersionOf(p) is not null)
            .OrderBy(p => p[..^1] != one.Gpu[..^1])
            .ThenBy(p => p, StringComparer.Ordinal)
            .FirstOrDefault(p => folder is null || tables.TableOf(folder, p, GpuNames.Covers) is not null);
        return other is null ? one : one with { Override = VersionOf(other), OverrideGpu = other };
    }
}
