using System.Runtime.ExceptionServices;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Adds what kept files ask for, level by level, until nothing new comes up.</summary>
internal sealed class PruneClosure
{
    private readonly PruneInput input;
    private readonly Exclusions exclusions;
    private readonly KeptPaths kept;
    private readonly FileProbes probes;
    private readonly LibrarySearch search;
    private readonly List<string> problems;
    private readonly KernelSelection kernels;
    private readonly KernelPackSelection packs;
    private readonly DroppedLibraries drops;
    private readonly StandIns standIns;
    private readonly HashSet<string> applied = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> unresolved = new(StringComparer.Ordinal);

    public PruneClosure(
        PruneInput input,
        Exclusions exclusions,
        KeptPaths kept,
        KernelSelection kernels,
        DroppedLibraries drops,
        StandIns standIns,
        FileProbes probes,
        LibrarySearch search,
        List<string> problems
    )
    {
        (this.input, this.exclusions, this.kept, this.kernels, this.problems) = (input, exclusions, kept, kernels, problems);
        (this.drops, this.standIns, this.probes, this.search) = (drops, standIns, probes, search);
        packs = new KernelPackSelection(input, kept, kernels, problems);
    }

    public void Run(CancellationToken cancellation)
    {
        do
        {
            while (Level(cancellation)) { }
        } while (kernels.Apply(kept, problems));
    }

    private bool Level(CancellationToken cancellation)
    {
        var links = kept.TakeFreshLinks();
        foreach (var link in links)
            Follow(link);

        var files = kept.TakeFreshFiles();
        ProbeAll(files, cancellation);

        // All needed libraries of a level come before its dlopen names: DT_NEEDED is the better reason where both hold.
        var users = new List<(LibraryUser User, FileProbe Probe)>();
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Needs(file) is { } user)
                users.Add(user);
        }

        foreach (var (user, probe) in users)
            KeepDlopened(user, probe);

        return links.Count > 0 || files.Count > 0;
    }

    private void ProbeAll(List<OpenedFile> files, CancellationToken cancellation)
    {
        try
        {
            var options = new ParallelOptions { CancellationToken = cancellation };
            Parallel.ForEach(
                files.Select(f => f.File).Where(f => !standIns.Replaces(f.Path)).DistinctBy(f => f.Path),
                options,
                file => probes.Probe(file)
            );
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    private void Follow(ImageEntry link)
    {
        if (link.Kind == EntryKind.HardLink)
        {
            if (!kept.Contains(link.LinkTarget!) && input.Image.Find(link.LinkTarget!) is { } holder)
                kept.Keep(holder, new Cause(Reason.HardLinkTarget, link.Path));

            return;
        }

        var target = input.Image.Resolve(link.Path).Target;
        if (target is not null && !kept.Contains(target.Path))
        {
            kept.KeepPath(link.Path, new Cause(Reason.SymlinkTarget, link.Path));
        }
        else if (target is null && kept.HasCause(link.Path, Reason.RecipeKeep) && !LeadsBelowMount(link))
        {
            problems.Add(
                $"{link.Path} is kept by a rule of the recipe and dangles: '{link.LinkTarget}' is not in the image; "
                    + "narrow the rule, or install what the link names"
            );
        }
    }

    // Links such as /etc/mtab -> ../proc/self/mounts dangle in the image and lead somewhere in the container.
    private bool LeadsBelowMount(ImageEntry link)
    {
        var text = link.LinkTarget!;
        var parts = new List<string>();
        foreach (var part in (text.StartsWith('/') ? text : ImagePath.Parent(link.Path) + "/" + text).Split('/'))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("" or "." or ".."))
                parts.Add(part);
        }

        return exclusions.CoversOrIs("/" + string.Join('/', parts));
    }

    private (LibraryUser User, FileProbe Probe)? Needs(OpenedFile file)
    {
        var path = file.File.Path;
        var isFirst = applied.Add(path);
        // What stands in for a library needs nothing, or what it was linked with itself.
        if (standIns.RuleOf(path) is { } rule)
        {
            if (isFirst && input.Answers.GetValueOrDefault(rule) is { } made)
            {
                foreach (var name in made.Elf.Needed)
                    KeepNeeded(name, new LibraryUser(file.OpenedPath, path, made.Elf, file.LoadedBy));
            }

            return null;
        }

        var probe = probes.Probe(file.File);
        if (isFirst && probe.BrokenElf is { } broken)
        {
            problems.Add(
                $"{path} is kept and is broken ELF, so what it needs is unknown: {broken}; "
                    + "reinstall its package in the full image, or leave it out"
            );
        }

        if (isFirst && probe.ScriptLine is { } line)
            KeepScriptInterpreter(path, line);

        if (probe.Elf is not { IsForeign: false } elf || (!isFirst && !DependsOnOrigin(elf)))
        {
            return null;
        }

        if (isFirst)
            packs.Keep(path, probe.KernelPacks);

        if (isFirst && elf.Interpreter is { } interpreter && kept.KeepPath(interpreter, new Cause(Reason.Interpreter, path)).Target is null)
        {
            problems.Add(
                $"{path} asks for the interpreter {interpreter}, which is not in the image: install the package that has it (libc6)"
            );
        }

        var user = new LibraryUser(file.OpenedPath, path, elf, file.LoadedBy);
        foreach (var name in elf.Needed)
            KeepNeeded(name, user);

        return (user, probe);
    }

    private static bool DependsOnOrigin(ElfFile elf) => elf.RunPath?.Contains('$') == true || elf.RPath?.Contains('$') == true;

    private void KeepNeeded(string name, LibraryUser user)
    {
        var found = search.Find(name, user);
        foreach (var path in found)
        {
            kept.KeepPath(path, new Cause(Reason.NeededBy, user.RealPath), user);
            standIns.Needed(path, name, user.RealPath);
        }

        if (found.Count == 0)
        {
            unresolved.TryAdd(name, new SortedSet<string>(StringComparer.Ordinal));
            unresolved[name].Add(user.RealPath);
        }
    }

    private void KeepDlopened(LibraryUser user, FileProbe probe)
    {
        foreach (var path in probe.LibraryNames.SelectMany(name => search.Find(name, user)))
        {
            // Libraries hold their own name, for messages.
            if (input.Image.Resolve(path).Target!.Path == user.RealPath || drops.Takes(path))
                continue;
            kept.KeepPath(path, new Cause(Reason.DlopenedBy, user.RealPath), user);
            standIns.Named(path, user.RealPath);
        }
    }

    private void KeepScriptInterpreter(string script, string line)
    {
        var cause = new Cause(Reason.ScriptInterpreter, script);
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return;

        if (kept.KeepPath(words[0], cause).Target is null)
        {
            problems.Add(
                $"{script} is a script for {words[0]}, which is not in the image: install the interpreter, or leave the script out"
            );
        }
        else if (
            words[0].EndsWith("/env", StringComparison.Ordinal)
            && words.Skip(1).FirstOrDefault(w => !w.StartsWith('-') && !w.Contains('=')) is { } program
            && !KeepProgram(program, cause)
        )
        {
            problems.Add(
                $"{script} is a script for '{program}', which is in no directory of PATH in the image: install it, or leave the script out"
            );
        }
    }

    private bool KeepProgram(string name, Cause cause)
    {
        var path = input.Environment.GetValueOrDefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        return path.Split(':').Where(d => d.StartsWith('/')).Any(d => kept.KeepPath(ImagePath.Join(d, name), cause).Target is not null);
    }

    // A library that is loaded already satisfies a name by its soname, wherever it lies; so do libraries kept for
    // another reason, as far as anyone can tell without the order of loading.
    public void ReportUnresolved()
    {
        var names = kept.Paths.Select(p => p[(p.LastIndexOf('/') + 1)..]).ToHashSet(StringComparer.Ordinal);
        names.UnionWith(applied.Select(p => probes.Elf(input.Image.Find(p)!)?.SoName ?? ""));
        foreach (var (name, users) in unresolved.Where(u => !names.Contains(u.Key)))
        {
            var others = users.Count > 1 ? $" and {SizeText.Count(users.Count - 1)} more" : "";
            problems.Add(
                $"{users.Min}{others} needs {name}, which is not in the image where the loader looks: "
                    + "install it in the full image, or set LD_LIBRARY_PATH as the workloads do"
            );
        }
    }
}
