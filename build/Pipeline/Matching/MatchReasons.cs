using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Matching;

/// <summary>Says in words what the loader would do.</summary>
/// <param name="tree">The machine.</param>
/// <param name="rocm">The folder of ROCm's libraries, for what it has instead; null for none.</param>
/// <param name="whose">Whose ROCm it is: bundled or system.</param>
internal sealed class MatchReasons(MachineTree tree, string? rocm, string whose)
{
    private const int MostSymbols = 3;

    /// <summary>Why the loader refuses it; a sentence for each library that is concerned.</summary>
    public IEnumerable<string> Of(LinkResult link) =>
        link
            .Problems.GroupBy(p => (p.Fault, p.User, p.Provider, Name: p.Fault == LinkFault.Missing ? p.Name : null))
            .Select(g => Sentence(g.First(), [.. g.Select(p => p.Name)]))
            .Distinct(StringComparer.Ordinal);

    /// <summary>Whether nothing is missing but libraries that this ROCm has with another number.</summary>
    public bool IsOtherRocm(LinkResult link) =>
        !link.Loads && link.Problems.All(p => p.Fault == LinkFault.Missing && Instead(p.Name) is not null);

    /// <summary>What the loader would take although it is not what was asked for.</summary>
    public static IEnumerable<string> OtherNames(LinkResult link) =>
        link
            .Objects.Where(o => o.HasOtherName && Stem(o.Name) == Stem(o.SoName!))
            .Select(o => $"{o.OpenedPath} is asked for as {o.Name} and is {o.SoName}: another library under the old name");

    /// <summary>The same, and libraries of one unit that are of two ROCms.</summary>
    public static IEnumerable<string> Mismatched(LinkResult link, IReadOnlyList<string> unit)
    {
        foreach (var reason in OtherNames(link))
            yield return reason;
        var parts = link
            .Objects.Where(o => unit.Any(u => PathGlob.Matches(u, o.SoName ?? "")))
            .GroupBy(o => ImagePath.Parent(o.Path))
            .Select(g => $"{string.Join(" and ", g.Select(o => o.SoName))} of {g.Key}")
            .ToList();
        if (parts.Count > 1)
            yield return $"{string.Join(" with ", parts)}: hipBLAS, rocBLAS and rocSOLVER only belong together when they are of one ROCm";
    }

    public static string NoKernels(GpuCode gpu, KernelFindings code)
    {
        var passes = gpu.As == gpu.Gpu ? "" : $", which passes for {gpu.As},";
        var where =
            gpu is { InBackend: false, InBlas: true } ? " in the backend"
            : gpu is { InBackend: true, InBlas: false } ? " in rocBLAS"
            : "";
        var way = gpu.Override is null
            ? code.Gpus.Count > 1
                ? "; leave this GPU out with HIP_VISIBLE_DEVICES"
                : ""
            : $"; with HSA_OVERRIDE_GFX_VERSION={gpu.Override} it has {gpu.OverrideGpu}'s";
        return $"no kernels for {gpu.Gpu}{passes}{where}{way}";
    }

    public static string Loads(KernelFindings code)
    {
        var gpus = code.Gpus.Where(g => g.InBackend == true || g.InBlas == true).Select(g => g.As).Distinct().ToList();
        return gpus.Count == 0 ? "loads" : $"loads, and has kernels for {TextLines.List(gpus)}";
    }

    private string Sentence(LinkProblem problem, IReadOnlyList<string> names)
    {
        var user = Name(problem.User);
        return problem.Fault switch
        {
            LinkFault.Missing => Instead(problem.Name) is { } other
                ? $"needs {problem.Name}, {whose} has {other}"
                : $"needs {problem.Name}, which is nowhere ({user} asks for it)",
            LinkFault.Broken => $"{problem.User} is broken: {problem.Name}",
            LinkFault.VersionMissing => $"{user} needs {TextLines.List([.. names])} of {problem.Provider}, which lacks it",
            _ => $"{user} needs {TextLines.List([.. names.Take(MostSymbols)])}"
                + (names.Count > MostSymbols ? $" and {SizeText.Count(names.Count - MostSymbols)} more" : "")
                + (problem.Provider is null ? ", which no loaded library has" : $" of {Name(problem.Provider)}, which lacks it"),
        };
    }

    /// <summary>The same library with another number.</summary>
    private string? Instead(string name) =>
        rocm is null || name.Contains('/')
            ? null
            : TreeGlob.Find(tree.Files, $"{rocm}/{Stem(name)}.*").Select(Name).OrderBy(n => n.Length).FirstOrDefault(n => n != name);

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>libamdhip64.so of libamdhip64.so.7.</summary>
    private static string Stem(string name)
    {
        var at = name.IndexOf(".so", StringComparison.Ordinal);
        return at < 0 ? name : name[..(at + 3)];
    }
}
