using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Makes the stand-ins out of what kept files import, and says where a rule does not hold of this image.</summary>
internal sealed class StandInStubs(
    ImageFileSystem image,
    IReadOnlyDictionary<string, StandInRule> rules,
    IReadOnlyDictionary<string, MadeStandIn> answers,
    StandIns standIns,
    KeptPaths kept,
    FileProbes probes,
    List<string> problems
)
{
    private const int MostNamed = 5;

    /// <summary>By path of the library.</summary>
    public IReadOnlyDictionary<string, PlanStandIn> Make()
    {
        var stubs = new SortedDictionary<string, PlanStandIn>(StringComparer.Ordinal);
        foreach (var library in standIns.Replaced.Where(r => kept.Contains(r.File.Path)))
        {
            if (Make(library) is { } stub)
                stubs.Add(library.File.Path, stub);
        }

        foreach (var (rule, says) in rules)
        {
            Refute(rule, says);
            if (!standIns.Replaced.Any(r => r.Rule == rule && kept.Contains(r.File.Path)))
            {
                problems.Add($"the stand-in {rule} replaces nothing: no kept file needs a library {says.Library}; {Without(rule)}");
            }
        }

        return stubs;
    }

    private static string Without(string rule) => $"take {rule} out of the variant's standins, or run with --standins={StandInFacts.None}";

    private PlanStandIn? Make(ReplacedLibrary library)
    {
        var (path, count) = (library.File.Path, problems.Count);
        foreach (var user in library.NeededBy.Keys.Union(library.NamedBy, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var name = user[(user.LastIndexOf('/') + 1)..];
            if (library.Is.For.Any(glob => PathGlob.Matches(glob, name)))
                continue;
            problems.Add(
                $"{user} {(library.NeededBy.ContainsKey(user) ? "needs" : "names in its data")} {path}, and the stand-in {library.Rule} "
                    + $"is for {string.Join(", ", library.Is.For)} only: nobody has looked whether others call it; {Without(library.Rule)}"
            );
        }

        if (library.Is.Answers is { } rule)
        {
            if (answers.GetValueOrDefault(library.Rule) is { } made)
                Ask(library, rule, made);
            else
                problems.Add($"nothing was recorded for the stand-in {library.Rule}; run --target=RecordAnswers first");
            return problems.Count > count ? null : Planned(library, answers[library.Rule]);
        }

        if (library.NeededBy.Count == 0)
        {
            problems.Add(
                $"{path} is kept, and no kept file needs it by name, so nobody knows what functions the stand-in {library.Rule} must "
                    + $"have; {Without(library.Rule)}"
            );
        }

        if (problems.Count > count || Symbols(path) is not { } own)
            return null;
        var wanted = new StandInImports(own, library.Is);
        foreach (var (user, names) in library.NeededBy)
        {
            if (Symbols(user) is { } symbols)
                wanted.Add(symbols, names, isProgram: probes.Elf(image.Find(user)!)?.Interpreter is not null);
            if (wanted.Refused.Count > 0)
            {
                problems.Add(
                    $"{user} takes data from {path} ({First(wanted.Refused)}), which the rule does not speak of; {Without(library.Rule)}"
                );
                return null;
            }
        }

        return problems.Count > count ? null : Write(library, wanted);
    }

    /// <summary>Whoever looks functions up by name finds no imports: their names stand in its data.</summary>
    private void Ask(ReplacedLibrary library, StandInAnswers rule, MadeStandIn made)
    {
        foreach (var user in library.NeededBy.Keys.Union(library.NamedBy, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            using var stream = image.OpenFile(image.Find(user)!);
            var asked = ElfLibraryNames.Words(stream, ElfFile.Read(stream), rule.Asks);
            if (asked.Except(made.Functions, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
                problems.Add($"{user} asks for {First(missing)}, which the stand-in {library.Rule} has not; {Without(library.Rule)}");
        }
    }

    private PlanStandIn Planned(ReplacedLibrary library, MadeStandIn made) =>
        new()
        {
            Rule = library.Rule,
            Why = library.Is.Why,
            Next = library.Is.Next,
            SoName = probes.Elf(library.File)?.SoName ?? made.Elf.SoName ?? library.Is.Answers!.Library,
            For = [.. library.NeededBy.Keys.Union(library.NamedBy, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Functions = made.Functions,
            Needed = made.Elf.Needed,
            Answers = made.Answers,
            Size = made.Size,
            Sha256 = made.Sha256,
        };

    private PlanStandIn? Write(ReplacedLibrary library, StandInImports wanted)
    {
        var stub = new PlanStandIn
        {
            Rule = library.Rule,
            Why = library.Is.Why,
            Next = library.Is.Next,
            SoName = probes.Elf(library.File)?.SoName ?? library.NeededBy.Values.First().Min!,
            For = [.. library.NeededBy.Keys],
            Functions = [.. wanted.Functions],
            Data = [.. wanted.Data],
            Versions = [.. wanted.Versions],
        };
        try
        {
            return stub.Measured();
        }
        catch (ArgumentException error)
        {
            problems.Add($"no stand-in can be made of {library.File.Path}: {error.Message}; {Without(library.Rule)}");
            return null;
        }
    }

    private void Refute(string rule, StandInRule says)
    {
        if (says.RefutedBy.Count == 0)
            return;
        foreach (
            var path in kept
                .Paths.Where(p => image.Find(p)?.Kind is EntryKind.File or EntryKind.HardLink)
                .Order(StringComparer.Ordinal)
                .ToList()
        )
        {
            var name = path[(path.LastIndexOf('/') + 1)..];
            foreach (var refutation in says.RefutedBy.Where(r => PathGlob.Matches(r.Importer, name)))
            {
                var found = Symbols(path)?.Imports.Select(i => i.Name).Where(n => refutation.Symbols.Any(s => PathGlob.Matches(s, n)));
                if (found?.Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } names)
                {
                    problems.Add($"{path} imports {First(names)}, which refutes the stand-in {rule}: {refutation.Why}; {Without(rule)}");
                }
            }
        }
    }

    private DynamicSymbols? Symbols(string path)
    {
        if (image.Find(path) is not { } file || probes.Elf(file) is not { } elf)
            return null;
        try
        {
            using var stream = image.OpenFile(file);
            return DynamicSymbols.Read(stream, elf);
        }
        catch (ElfFormatException error)
        {
            problems.Add($"{path} counts for a stand-in, and its symbols can't be read: {error.Message}; reinstall its package");
            return null;
        }
    }

    private static string First(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostNamed).Select(n => PlainText.Visible(n.Length > 80 ? n[..80] : n)))
        + (names.Count > MostNamed ? $" and {SizeText.Count(names.Count - MostNamed)} more" : "");
}
