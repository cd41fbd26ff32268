using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Finds out for which types of numbers the kept programs ask a library for kernels.</summary>
internal sealed class AskedTypes(ImageFileSystem image, KernelTypes rule, FileProbes probes, StandIns standIns)
{
    // The first six integer arguments are in registers, which the calls' neighbours fill in any order.
    private const int InRegisters = 6;
    private const int MostNamed = 3;

    private readonly SortedSet<string> types = new(StringComparer.Ordinal);
    private readonly List<string> unclear = [];

    /// <summary>The types, as they stand in names of files.</summary>
    /// <param name="kept">What the image keeps.</param>
    /// <param name="why">Why all kernels must stay, when the result is null.</param>
    public IReadOnlySet<string>? Of(KeptPaths kept, out string why)
    {
        foreach (var path in kept.Paths.Where(p => !standIns.Replaces(p)).Order(StringComparer.Ordinal).ToList())
        {
            if (image.Find(path) is { Kind: EntryKind.File } file && !rule.Through.Any(g => PathGlob.Matches(g, Name(path))))
                Read(file);
        }

        why = string.Join("; ", unclear.Take(MostNamed)) + (unclear.Count > MostNamed ? $"; and {unclear.Count - MostNamed} more" : "");
        return unclear.Count == 0 ? types : null;
    }

    private void Read(ImageEntry file)
    {
        if (probes.Elf(file) is not { } elf)
            return;
        try
        {
            using var stream = image.OpenFile(file);
            var imports = DynamicSymbols.Read(stream, elf).Imports.Select(i => i.Name).Where(IsAsking).ToHashSet(StringComparer.Ordinal);
            if (imports.Count == 0)
                return;
            foreach (var name in imports.Where(n => CallOf(n) is null).Order(StringComparer.Ordinal))
                unclear.Add($"{file.Path} calls {PlainText.Visible(name)}, of which nothing is known");
            var read = imports.Where(n => CallOf(n) is { Arguments: not null }).ToHashSet(StringComparer.Ordinal);
            foreach (var number in imports.SelectMany(n => CallOf(n)?.Types ?? []))
                Add(file.Path, number);
            var uses = new List<string>();
            foreach (var call in ImportCalls.Read(stream, elf, read.Contains, uses))
                Read(file.Path, call);
            unclear.AddRange(uses.Select(u => $"{file.Path}: {PlainText.Visible(u)}"));
        }
        catch (ElfFormatException error)
        {
            unclear.Add($"{file.Path} can't be read: {error.Message}");
        }
    }

    private void Read(string path, ImportCall call)
    {
        foreach (var argument in CallOf(call.Function)!.Arguments!)
        {
            if (call.StackArguments.ElementAtOrDefault(argument - InRegisters - 1) is { } value)
                Add(path, SizeText.Plain(value));
            else
                unclear.Add($"{path} calls {call.Function} at 0x{call.Address:x} with a type that is no number in its code");
        }
    }

    private void Add(string path, string number)
    {
        if (rule.Values.GetValueOrDefault(number) is { } names)
            types.UnionWith(names);
        else
            unclear.Add($"{path} asks for the type {PlainText.Visible(number)}, of which nothing is known");
    }

    private bool IsAsking(string function) => rule.Functions.Any(g => PathGlob.Matches(g, function));

    private KernelCall? CallOf(string function) => rule.Calls.FirstOrDefault(c => c.Functions.Any(g => PathGlob.Matches(g, function)));

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
