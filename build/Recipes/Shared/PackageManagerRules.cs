using System.Text.RegularExpressions;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>What must hold of package-managers.yml beyond its keys.</summary>
internal static class PackageManagerRules
{
    public static void Check(YamlBinder binder, PackageManagerFacts facts)
    {
        foreach (var (i, form) in facts.VersionForms.Index())
            Pattern(binder, $"version_forms[{i}]", form.Replace("{version}", "1").Replace("{packed}", "1"), 0);
        foreach (var (i, manager) in facts.Managers.Index())
            Check(binder, $"managers[{i}]", manager);
    }

    private static void Check(YamlBinder binder, string key, PackageManagerRule manager)
    {
        var paths = manager.Database.Append(manager.Cached?.Folder ?? "none");
        foreach (var path in paths.Where(p => p.Split('/').Any(c => c is "" or "." or "..")))
            binder.Problem(key, $"'{path}' is no path below a root: write it without '/' in front, '.' and '..'");
        Query(binder, $"{key}.installed", manager.Installed, 2);
        Query(binder, $"{key}.dependents", manager.Dependents, 1, "{package}");
        foreach (var (i, query) in manager.Versions.Index())
            Query(binder, $"{key}.versions[{i}]", query, 2, "{packages}");
        if (manager.Cached is { } cached)
            Pattern(binder, $"{key}.cached.match", cached.Match, 2);
        if (manager.Cached is null && manager.Versions.Count == 0)
            binder.Problem(key, "it needs 'versions' or 'cached', or nothing older is ever found");
        Pattern(binder, $"{key}.trial.removed", manager.Trial.Removed, 1);
        Pattern(binder, $"{key}.trial.failed", manager.Trial.Failed, 1);
        Pattern(binder, $"{key}.trial.section", manager.Trial.Section ?? "", 0);
        Words(binder, $"{key}.trial", manager.Trial.Run, "{targets}");
    }

    private static void Query(YamlBinder binder, string key, ToolQuery query, int groups, string? word = null)
    {
        Words(binder, key, query.Run, word);
        Pattern(binder, key, query.Match, groups);
    }

    private static void Words(YamlBinder binder, string key, IReadOnlyList<string> words, string? word)
    {
        if (words.Count == 0)
            binder.Problem($"{key}.run", "there is no command");
        if (word is not null && !words.Contains(word))
            binder.Problem($"{key}.run", $"it needs the word '{word}'");
    }

    private static void Pattern(YamlBinder binder, string key, string pattern, int groups)
    {
        try
        {
            if (new Regex(pattern, RegexOptions.NonBacktracking).GetGroupNumbers().Length - 1 < groups)
                binder.Problem(key, $"'{pattern}' must have {groups} groups or more");
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            binder.Problem(key, $"'{pattern}' is no regular expression, or one that needs to go back (look-around, back references)");
        }
    }
}
