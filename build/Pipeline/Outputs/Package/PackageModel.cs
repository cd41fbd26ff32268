using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>A file that lies beside the runtime where a package is made.</summary>
/// <param name="Source">Its name there.</param>
/// <param name="Target">Where it is installed.</param>
/// <param name="Mode">Octal permission bits.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Config">Whether people edit it.</param>
public sealed record PackagedFile(string Source, string Target, string Mode, string Sha256, bool Config);

/// <summary>What the templates of one package may name (docs/packages.md lists it).</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="runtime">What the package installs.</param>
/// <param name="facts">Where packages are made.</param>
/// <param name="format">Name of one of their formats.</param>
public sealed class PackageModel(Recipe recipe, RuntimeRecord runtime, PackagingFacts facts, string format)
{
    private readonly PackageRecipe rules =
        recipe.Packages
        ?? throw new PackageException(
            $"recipes/{recipe.Name}/recipe.yml has no key packages, so no package can be made; docs/packages.md explains it"
        );

    private readonly PackageFormat of = facts.Format(format);

    /// <summary>What templates of the package's own files know: all but those files.</summary>
    public Dictionary<string, object> ForFile()
    {
        var places = new RuntimePlaces(runtime.Name);
        List<string> standIns =
        [
            .. Names("stand-in for", runtime.StandIns.Where(s => s.Answers is null)),
            .. Names("recorded answers for", runtime.StandIns.Where(s => s.Answers is not null)),
        ];
        return new(StringComparer.Ordinal)
        {
            ["name"] = runtime.Name,
            ["version"] = Version(runtime.Version),
            ["release"] = rules.Release,
            ["version_epoch"] = PackageVersion.Epoch(rules.Epoch).TrimEnd(':'),
            ["epoch"] = runtime.Epoch,
            ["architecture"] = of.Architecture,
            ["summary"] = recipe.Summary,
            ["summary_with_standins"] = recipe.Summary + (standIns.Count == 0 ? "" : $" ({string.Join("; ", standIns)})"),
            ["description"] = (string[])[.. rules.Description, .. runtime.StandIns.SelectMany(Sentence)],
            ["url"] = recipe.Source,
            ["license"] = runtime.Licence,
            ["packager"] = facts.Packager,
            ["home"] = places.Home,
            ["licenses"] = places.Licenses,
            ["links"] = runtime.Links,
            ["placed"] = runtime.Placed,
            ["bundle"] = new Dictionary<string, object> { ["source"] = runtime.File, ["sha256"] = runtime.Sha256 },
            ["bundled"] = runtime
                .Parts.Select(p => new Dictionary<string, object> { ["name"] = p.Name, ["version"] = Version(p.Version) })
                .ToList(),
            ["user"] = rules.User,
            ["hints"] = rules.Hints,
        };
    }

    /// <summary>Adds what only the files that make the package know: the list of files and the words of its format.</summary>
    public Dictionary<string, object> ForFormat(IReadOnlyList<PackagedFile> files)
    {
        var model = ForFile();
        var words = rules.Formats.GetValueOrDefault(format) ?? new FormatWords();
        model["files"] = files
            .Select(f => new Dictionary<string, object>
            {
                ["source"] = f.Source,
                ["target"] = f.Target,
                ["mode"] = f.Mode,
                ["sha256"] = f.Sha256,
                ["config"] = f.Config,
            })
            .ToList();
        model["configs"] = files.Where(f => f.Config).Select(f => f.Target).ToList();
        model["units"] = rules.Files.Select(f => f.Target).Where(of.Places.IsUnit).Select(Path.GetFileName).ToList();
        model["compression"] = of.Compression;
        model["installed_bytes"] = runtime.FileBytes;
        model["relations"] = of.Relations.ToDictionary(
            r => r.Key,
            object (r) => r.Value.Select(Fill).Concat(words.Relations.GetValueOrDefault(r.Key) ?? []).ToList(),
            StringComparer.Ordinal
        );
        model["lint"] = words.Lint.Select(e => new Dictionary<string, object> { ["check"] = e.Check, ["why"] = e.Why }).ToList();
        return model;
    }

    /// <summary>What a program's starter needs to know besides.</summary>
    /// <param name="program">The program.</param>
    public Dictionary<string, object> ForStarter(RuntimeProgram program)
    {
        var model = ForFile();
        var all = new SortedDictionary<string, string>(runtime.Environment.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in rules.Environment)
            all[key] = value;
        model["program"] = program.Name;
        model["path"] = program.Path;
        model["environment"] = all.Select(e => new Dictionary<string, object> { ["name"] = e.Key, ["value"] = e.Value }).ToList();
        model["hostFiles"] = rules
            .HostFiles.OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => new Dictionary<string, object> { ["name"] = f.Key, ["files"] = f.Value })
            .ToList();
        return model;
    }

    private static IEnumerable<string> Names(string what, IEnumerable<RuntimeStandIn> standIns) =>
        standIns.Select(s => s.Library).ToList() is { Count: > 0 } libraries ? [$"{what} {string.Join(", ", libraries)}"] : [];

    // In lines: lint programs of packages count their letters.
    private static string[] Sentence(RuntimeStandIn standIn) =>
        standIn.Answers is { } answers
            ?
            [
                $"In place of {standIn.Library} is a stand-in with {SizeText.Count(answers)} recorded answers;",
                "what was not recorded ends the program with a message.",
            ]
            : [$"In place of {standIn.Library} is a stand-in whose functions only say so."];

    private string Version(string upstream) => PackageVersion.Of(upstream, of.Version);

    private string Fill(string word) =>
        word.Replace("{recipe}", recipe.Name, StringComparison.Ordinal)
            .Replace("{epoch}", PackageVersion.Epoch(rules.Epoch), StringComparison.Ordinal)
            .Replace("{version}", Version(runtime.Version), StringComparison.Ordinal);
}
