using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Matching;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Switching;

/// <summary>Looks for what a switch needs to know of an Ollama and of a ROCm; reads only.</summary>
/// <param name="facts">What is known of Ollama.</param>
/// <param name="tree">The machine.</param>
public sealed class SwitchSearch(OllamaFacts facts, MachineTree tree)
{
    private const string DropIns = "/etc/systemd/system/";

    public SwitchOllama Of(OllamaInstallation ollama)
    {
        var program = ollama.Program ?? throw new SwitchException(string.Join("; ", ollama.Problems));
        var says = ProgramTexts.Find(tree, program, [facts.Switch.Chooses, .. facts.Switch.Variables]);
        var backend = ollama.Backends.OrderBy(b => b.Rocm is null).FirstOrDefault();
        var unit = facts.Service.Folders.Any(f => tree.FileAt($"{f}/{facts.Service.Unit}") is not null);
        var drops = $"{DropIns}{facts.Service.Unit}.d";
        return new()
        {
            Library = ollama.Folder,
            Program = program,
            Way =
                backend?.Library.StartsWith($"{ollama.Folder}/runners/", StringComparison.Ordinal) ?? false ? SwitchWay.Runner
                : ollama.Selects || says.Contains(facts.Switch.Chooses) ? SwitchWay.Sibling
                : SwitchWay.Mount,
            Hip = backend?.Library,
            Bundle = backend?.Rocm is { } rocm ? Names(rocm) : new Dictionary<string, string>(),
            Vulkan = ollama.Vulkan is { } vulkan && ImagePath.Parent(vulkan) is var folder && folder != ollama.Folder ? folder : null,
            Reads = [.. says],
            DropIns = unit ? tree.Files.Resolve(DropIns).Target?.Path + $"/{facts.Service.Unit}.d" : null,
            HasDropIns = tree.Files.Resolve(drops).Target is { Kind: EntryKind.Directory },
        };
    }

    /// <summary>The libraries of a ROCm that Ollama's own one needs, directly or not, and the kernels beside them.</summary>
    public SwitchRocm Of(string name, string folder, SwitchOllama ollama)
    {
        var own = Names(folder);
        var common = Common(ollama);
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var open = new Queue<string>(ollama.Hip is { } hip ? [hip] : []);
        while (open.TryDequeue(out var user))
        {
            foreach (var needed in Needed(user, opened: user != ollama.Hip).Where(n => own.ContainsKey(n) && !common.Contains(n)))
            {
                if (found.TryAdd(needed, $"{folder}/{needed}"))
                    open.Enqueue(own[needed]);
            }
        }

        var tables = facts.Switch.Tables.Where(own.ContainsKey).ToDictionary(t => t, t => $"{folder}/{t}");
        return new(name, folder, found, tables);
    }

    /// <summary>What every program on the machine has anyway: what the parts of Ollama need that know no GPU.</summary>
    private HashSet<string> Common(SwitchOllama ollama)
    {
        HashSet<string> names = [];
        foreach (var library in Names(ollama.Library).Where(n => n.Key.StartsWith(facts.Switch.Base, StringComparison.Ordinal)))
            names.UnionWith(Needed(library.Value, opened: false));
        return names;
    }

    private IEnumerable<string> Needed(string path, bool opened)
    {
        if (tree.Files.Resolve(path).Target is not { Kind: EntryKind.File or EntryKind.HardLink } file)
            return [];
        using var stream = tree.Files.OpenFile(file);
        try
        {
            return ElfFile.TryRead(stream) is { IsForeign: false } elf
                ? [.. elf.Needed, .. opened ? ElfLibraryNames.Find(stream, elf).Where(n => !n.Contains('/')) : []]
                : [];
        }
        catch (ElfFormatException error)
        {
            throw new SwitchException($"{path} is broken: {error.Message}", error);
        }
    }

    private Dictionary<string, string> Names(string folder) =>
        tree.Files.Resolve(folder).Target is { Kind: EntryKind.Directory } directory
            ? tree
                .Files.Children(directory.Path)
                .Select(e => (Name: e.Path[(e.Path.LastIndexOf('/') + 1)..], Real: tree.Files.Resolve(e.Path).Target?.Path))
                .Where(e => e.Real is not null)
                .ToDictionary(e => e.Name, e => e.Real!)
            : [];
}
