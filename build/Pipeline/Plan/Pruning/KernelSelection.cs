using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>
/// Chooses kernel files by GPU: a file stays if it names a target or no GPU at all. Which kernels a run opens depends on
/// weights and batch, so a trace is no guide; the files without a GPU's name are tables that the others need.
/// </summary>
internal sealed class KernelSelection
{
    private readonly IReadOnlyList<string> targets;
    private readonly List<Rule> rules;
    private readonly StandIns standIns;

    public KernelSelection(ImageFileSystem image, IReadOnlyList<KernelRule> kernelRules, IReadOnlyList<string> targets, StandIns standIns)
    {
        (this.targets, this.standIns) = (targets, standIns);
        rules = [.. kernelRules.Select(rule => new Rule(rule.Library, Collect(image, rule.Files), rule.Types))];
    }

    /// <summary>Kernel files that are not kept, with the reason.</summary>
    public Dictionary<string, Cause> Dropped { get; } = new(StringComparer.Ordinal);

    /// <summary>Applies the rules whose library is kept by now and that were not applied yet. True when there was one.</summary>
    public bool Apply(KeptPaths kept, List<string> problems)
    {
        var ready = rules.Where(r => r.Library is null).ToList();
        foreach (var path in kept.Paths.Where(p => !standIns.Replaces(p)).Order(StringComparer.Ordinal).ToList())
        {
            var name = path[(path.LastIndexOf('/') + 1)..];
            foreach (var rule in ready.Where(r => r.Library is null && PathGlob.Matches(r.LibraryGlob, name)))
                rule.Library = path;
        }

        ready.RemoveAll(r => r.Library is null);
        foreach (var rule in ready)
            Apply(rule, kept, problems);

        return ready.Count > 0;
    }

    /// <summary>Gives the kernel files of libraries that nobody keeps their reason.</summary>
    public void Finish()
    {
        foreach (var rule in rules.Where(r => r.Library is null))
        {
            foreach (var (file, _) in rule.Files)
                Dropped.TryAdd(file.Path, new Cause(Reason.LibraryDropped, rule.LibraryGlob));
        }
    }

    private static List<(ImageEntry File, IReadOnlyList<string> Gpus)> Collect(ImageFileSystem image, IReadOnlyList<string> globs)
    {
        var files = new SortedDictionary<string, (ImageEntry, IReadOnlyList<string>)>(StringComparer.Ordinal);
        foreach (var text in globs)
        {
            var (glob, entries) = GlobSearch.Find(image, PathGlob.Parse(text));
            var prefix = glob.HasWildcards ? glob.LiteralPrefix.Length : 0;
            foreach (var entry in entries.Where(e => e.Kind != EntryKind.Directory))
                files.TryAdd(entry.Path, (entry, GpuNames.InPath(entry.Path[prefix..])));
        }

        return [.. files.Values];
    }

    private void Apply(Rule rule, KeptPaths kept, List<string> problems)
    {
        foreach (var (file, gpus) in rule.Files)
        {
            if (gpus.Count == 0)
                kept.Keep(file, new Cause(Reason.KernelOfAnyGpu, rule.Library));
            else if (targets.Any(t => gpus.Any(g => GpuNames.Covers(g, t))) && TypeOf(rule, file) is { } type)
                rule.Waiting.Add((file, type));
            else if (targets.Any(t => gpus.Any(g => GpuNames.Covers(g, t))))
                kept.Keep(file, new Cause(Reason.KernelOfTarget, rule.Library));
            else
                Dropped.TryAdd(file.Path, new Cause(Reason.OtherGpu, string.Join(", ", gpus)));
        }

        problems.AddRange(targets.Where(t => !rule.Files.Any(f => f.Gpus.Any(g => GpuNames.Covers(g, t)))).Select(t => NoKernel(rule, t)));
    }

    private static string NoKernel(Rule rule, string target)
    {
        if (rule.Files.Count == 0)
        {
            return $"{rule.Library} is kept but the image has no file where its kernels should be: "
                + $"check `files` of the kernel rule for '{rule.LibraryGlob}'";
        }

        var named = rule.Files.SelectMany(f => f.Gpus).Distinct().Order(StringComparer.Ordinal).ToList();
        var they = named.Count == 0 ? "they name no GPU" : "they name " + string.Join(", ", named);
        return $"{rule.Library} is kept but none of its {SizeText.Count(rule.Files.Count)} kernel files names {target}; {they}: "
            + "take a code target that the library has (with its HSA_OVERRIDE_GFX_VERSION), or a release built for this GPU";
    }

    /// <summary>
    /// Keeps the kernel files of types that programs ask for, once all programs are known. Where that can't be read, the plan fails: who
    /// asked for it would take the whole for the small.
    /// </summary>
    public void KeepAskedTypes(KeptPaths kept, Func<KernelTypes, AskedTypes> read, List<string> problems)
    {
        foreach (var rule in rules.Where(r => r.Waiting.Count > 0))
        {
            var types = read(rule.Types!).Of(kept, out var why);
            if (types is null)
            {
                problems.Add(
                    $"for which types {rule.Library} is asked for kernels can't be read: {why}; take `kernels: asked` out of the variant"
                );
            }

            foreach (var (file, type) in rule.Waiting)
            {
                if (types is null || types.Contains(type))
                    kept.Keep(file, new Cause(Reason.KernelOfTarget, rule.Library));
                else
                    Dropped.TryAdd(file.Path, new Cause(Reason.OtherType, $"{type}; asked for are {string.Join(", ", types)}"));
            }
        }
    }

    /// <summary>The type in a kernel file's name; null where the rule says nothing of such files.</summary>
    private static string? TypeOf(Rule rule, ImageEntry file)
    {
        if (file.Kind != EntryKind.File)
            return null;
        var name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
        foreach (var glob in rule.Types?.Files ?? [])
        {
            var parts = glob.Split("{type}");
            if (!PathGlob.Matches(parts[0] + "*" + parts[1], name))
                continue;
            var rest = name[parts[0].Length..];
            var end = rest.IndexOf('_', StringComparison.Ordinal);
            return end > 0 ? rest[..end] : null;
        }

        return null;
    }

    private sealed record Rule(string LibraryGlob, List<(ImageEntry File, IReadOnlyList<string> Gpus)> Files, KernelTypes? Types)
    {
        /// <summary>Files that stay when their type is asked for.</summary>
        public List<(ImageEntry File, string Type)> Waiting { get; } = [];

        /// <summary>The kept file that the rule belongs to; null as long as there is none.</summary>
        public string? Library { get; set; }
    }
}
