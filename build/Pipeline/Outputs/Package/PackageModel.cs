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

/// <summary>What the templates of a package may name (docs/packages.md lists it).</summary>
public static class PackageModel
{
    /// <summary>What templates of the package's own files know: all but those files.</summary>
    public static Dictionary<string, object> Of(Recipe recipe, RuntimeRecord runtime, PackagingFacts facts) =>
        new(StringComparer.Ordinal)
        {
            ["name"] = runtime.Name,
            ["version"] = runtime.Version,
            ["release"] = Rules(recipe).Release,
            ["epoch"] = runtime.Epoch,
            ["architecture"] = "x86_64",
            ["summary"] = recipe.Summary,
            ["description"] = Rules(recipe).Description,
            // A .spec's changelog wants the day in this form.
            ["changelog_date"] = DateTimeOffset
                .FromUnixTimeSeconds(runtime.Epoch)
                .ToString("ddd MMM dd yyyy", System.Globalization.CultureInfo.InvariantCulture),
            ["url"] = recipe.Source,
            ["license"] = runtime.Licence,
            ["packager"] = facts.Packager,
            ["home"] = new RuntimePlaces(runtime.Name).Home,
            ["licenses"] = new RuntimePlaces(runtime.Name).Licenses,
            ["links"] = runtime.Links,
            ["bundle"] = new Dictionary<string, object> { ["source"] = runtime.File, ["sha256"] = runtime.Sha256 },
            ["bundled"] = runtime.Parts.Select(p => new Dictionary<string, object> { ["name"] = p.Name, ["version"] = p.Version }).ToList(),
            ["user"] = Rules(recipe).User,
            ["hints"] = Rules(recipe).Hints,
        };

    /// <summary>Adds what only the files that make the package know: the list of files and the words of its format.</summary>
    public static Dictionary<string, object> ForFormat(
        Recipe recipe,
        RuntimeRecord runtime,
        PackagingFacts facts,
        string compression,
        IReadOnlyList<PackagedFile> files
    )
    {
        var model = Of(recipe, runtime, facts);
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
        model["units"] = Rules(recipe).Files.Where(f => f.IsUnit).Select(f => f.Name).ToList();
        model["compression"] = compression;
        var (arch, fedora) = (Rules(recipe).Arch, Rules(recipe).Fedora);
        // Two variants of a recipe hold the same programs: they stand for each other and not beside each other.
        model["arch"] = new Dictionary<string, object>
        {
            ["depends"] = arch.Depends,
            ["optdepends"] = arch.Optdepends,
            ["provides"] = Of($"{recipe.Name}={runtime.Version}", arch.Provides),
            ["conflicts"] = Of(recipe.Name, arch.Conflicts),
        };
        model["fedora"] = new Dictionary<string, object>
        {
            ["requires"] = fedora.Requires,
            ["recommends"] = fedora.Recommends,
            ["provides"] = Of($"{recipe.Name} = {runtime.Version}", fedora.Provides),
            ["conflicts"] = Of(recipe.Name, fedora.Conflicts),
            ["rpmlint"] = fedora.Rpmlint.Select(e => new Dictionary<string, object> { ["check"] = e.Check, ["why"] = e.Why }).ToList(),
        };
        return model;
    }

    /// <summary>What a starter in /usr/bin needs to know besides.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="runtime">The runtime.</param>
    /// <param name="facts">Where packages are made.</param>
    /// <param name="environment">The variant's variables.</param>
    /// <param name="program">The program.</param>
    public static Dictionary<string, object> ForStarter(
        Recipe recipe,
        RuntimeRecord runtime,
        PackagingFacts facts,
        IReadOnlyDictionary<string, string> environment,
        RuntimeProgram program
    )
    {
        var model = Of(recipe, runtime, facts);
        var all = new SortedDictionary<string, string>(environment.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in Rules(recipe).Environment)
            all[key] = value;
        model["program"] = program.Name;
        model["path"] = program.Path;
        model["environment"] = all.Select(e => new Dictionary<string, object> { ["name"] = e.Key, ["value"] = e.Value }).ToList();
        model["hostFiles"] = Rules(recipe)
            .HostFiles.OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => new Dictionary<string, object> { ["name"] = f.Key, ["files"] = f.Value })
            .ToList();
        return model;
    }

    private static List<string> Of(string first, IEnumerable<string> others) => [first, .. others];

    private static PackageRecipe Rules(Recipe recipe) =>
        recipe.Packages
        ?? throw new PackageException(
            $"recipes/{recipe.Name}/recipe.yml has no key packages, so no package can be made; docs/packages.md explains it"
        );
}
