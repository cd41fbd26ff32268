using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of the files that a recipe adds to its packages: a known place, and one of a package's.</summary>
internal sealed partial class PackageTreeRules(YamlBinder binder)
{
    public void Check(string key, Recipe recipe, IReadOnlyList<PackageTree> trees)
    {
        for (var i = 0; i < trees.Count; i++)
            Check($"{key}[{i}]", recipe, trees[i]);
    }

    private void Check(string key, Recipe recipe, PackageTree tree)
    {
        if (tree.From is { } from && !recipe.Sources.ContainsKey(from))
        {
            var known = recipe.Sources.Count == 0 ? "none" : string.Join(", ", recipe.Sources.Keys);
            binder.Problem($"{key}.from", $"unknown source '{from}'; known: {known} (the recipe's 'sources')");
        }

        if (!Source().IsMatch(tree.Source) || tree.Source.Split('/').Any(c => c is ".." or "."))
            binder.Problem($"{key}.source", $"'{tree.Source}' must be a file or folder below recipes/ or in the source, without '..'");
        for (var i = 0; i < tree.Files.Count; i++)
            CheckGlob($"{key}.files[{i}]", tree.Files[i]);
        if (!Target().IsMatch(tree.Target) || tree.Target.Split('/').Any(c => c is ".." or "."))
        {
            binder.Problem(
                $"{key}.target",
                $"'{tree.Target}' must begin with /usr/, {PackageTree.Home}/ or {PackageTree.Licenses}/, "
                    + "go on with letters, digits and ._+-@, and have no '..'"
            );
        }

        if (tree.Replaced is { } name)
            CheckReplaced($"{key}.replaced", name, tree);
        if (tree.License is { } license && !Licence().IsMatch(license))
            binder.Problem($"{key}.license", $"'{license}' is no SPDX expression");
        // A file that several recipes include may speak of variants that only some of them have.
        foreach (var variant in binder.IsIncluded($"{key}.variants") ? [] : tree.Variants.Where(v => !recipe.Variants.ContainsKey(v)))
            binder.Problem($"{key}.variants", $"unknown variant '{variant}'; known: {string.Join(", ", recipe.Variants.Keys)}");
    }

    private void CheckReplaced(string key, string name, PackageTree tree)
    {
        if (!FileName().IsMatch(name) || name is "." or ".." || name == Path.GetFileName(tree.Target))
            binder.Problem(key, $"'{name}' must be another name for the image's file, in the same folder");
        if (!tree.Target.StartsWith(PackageTree.Home + "/", StringComparison.Ordinal))
            binder.Problem(key, $"files of the image lie below {PackageTree.Home}, and the target does not");
    }

    private void CheckGlob(string key, string pattern)
    {
        try
        {
            _ = PathGlob.Parse(pattern);
        }
        catch (FormatException exception)
        {
            binder.Problem(key, exception.Message);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)*\z")]
    private static partial Regex Source();

    // Below /usr/ alone: what lies in /etc is edited by people, and is one of packages.files.
    [GeneratedRegex(@"\A(/usr|\{home\}|\{licenses\})(/[A-Za-z0-9._+@-]+)+\z")]
    private static partial Regex Target();

    [GeneratedRegex(@"\A[A-Za-z0-9._+@-]{1,255}\z")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A[A-Za-z0-9.+() -]{1,200}\z")]
    private static partial Regex Licence();
}
