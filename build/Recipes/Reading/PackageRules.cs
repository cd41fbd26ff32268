using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of a recipe's packages: nothing in them may leave its place in a package's files or in a shell.</summary>
internal sealed partial class PackageRules(YamlBinder binder, PackagingFacts facts)
{
    private const int MostRelease = 9999,
        MostEpoch = 99;

    private static readonly string[] Places = ["/usr/", "/etc/"];

    public void Check(string key, PackageRecipe packages, string summary)
    {
        if (packages.Release is < 1 or > MostRelease)
            binder.Problem($"{key}.release", $"the release must be 1 to {MostRelease}");
        if (packages.Epoch is < 0 or > MostEpoch)
            binder.Problem($"{key}.epoch", $"the epoch must be 0 to {MostEpoch}");
        if (packages.Programs.Count == 0)
            binder.Problem($"{key}.programs", "at least one program is needed: without one nothing can be started");
        for (var i = 0; i < packages.Programs.Count; i++)
            Plain($"{key}.programs[{i}]", packages.Programs[i]);
        for (var i = 0; i < packages.InnerPrograms.Count; i++)
            Glob($"{key}.inner_programs[{i}].path", packages.InnerPrograms[i].Path);
        for (var i = 0; i < packages.Links.Count; i++)
            InPlace($"{key}.links[{i}].path", packages.Links[i].Path);
        for (var i = 0; i < packages.Host.Count; i++)
            Glob($"{key}.host[{i}].path", packages.Host[i].Path);
        foreach (var name in packages.Environment.Keys.Concat(packages.HostFiles.Keys).Where(n => !Variable().IsMatch(n)))
            binder.Problem($"{key}.environment", $"'{name}' is no name of a variable");
        foreach (var (name, files) in packages.HostFiles)
        {
            for (var i = 0; i < files.Count; i++)
                Plain($"{key}.host_files.{name}[{i}]", files[i]);
        }

        if (!User().IsMatch(packages.User))
            binder.Problem($"{key}.user", $"'{packages.User}' is no user name; use a-z, 0-9, '_' and '-'");
        for (var i = 0; i < packages.Files.Count; i++)
            CheckFile($"{key}.files[{i}]", packages.Files[i]);
        var columns = facts.Formats.Values.Min(f => f.DescriptionColumns) ?? int.MaxValue;
        for (var i = 0; i < packages.Description.Count; i++)
        {
            if (packages.Description[i].Length > columns || packages.Description[i].Any(char.IsControl))
                binder.Problem($"{key}.description[{i}]", $"must be one line of at most {columns} characters");
        }

        // The packages have the recipe's summary.
        if (summary.Length > columns)
            binder.Problem("summary", $"must have at most {columns} characters, which is what a package's may have");

        OneLine($"{key}.hints", packages.Hints);
        foreach (var (name, words) in packages.Formats)
        {
            if (facts.Formats.TryGetValue(name, out var format))
                CheckWords($"{key}.formats.{name}", name, format, words);
            else
                Unknown($"{key}.formats.{name}", "package format", name, facts.Formats.Keys);
        }

        // Starters and files of one name would overwrite each other where the package is made.
        foreach (
            var twice in packages
                .Programs.Select(p => Path.GetFileName(p))
                .Concat(packages.Files.Select(f => f.Name))
                .GroupBy(n => n, StringComparer.Ordinal)
                .Where(g => g.Count() > 1)
        )
        {
            binder.Problem(
                $"{key}.files",
                $"two files are called '{twice.Key}'; the place where the package is made has room for one: say 'as'"
            );
        }
    }

    private void CheckFile(string key, PackageFile file)
    {
        if (!Source().IsMatch(file.Source) || file.Source.Split('/').Contains(".."))
            binder.Problem($"{key}.source", $"'{file.Source}' must be a file below recipes/, without '..'");
        InPlace($"{key}.target", file.Target);
        if (file.As is { } name && !FileName().IsMatch(name))
            binder.Problem($"{key}.as", $"'{name}' is no file name of letters, digits and ._+@-");
    }

    private void CheckWords(string key, string name, PackageFormat format, FormatWords words)
    {
        foreach (var (relation, list) in words.Relations)
        {
            if (format.Relations.ContainsKey(relation))
                OneLine($"{key}.relations.{relation}", list);
            else
                Unknown($"{key}.relations.{relation}", $"relation of {name}", relation, format.Relations.Keys);
        }

        if (words.Lint.Count > 0 && format.Lint is null)
            binder.Problem($"{key}.lint", $"packages of {name} are looked through by no program, so it has no errors");
        for (var i = 0; i < words.Lint.Count; i++)
            CheckException($"{key}.lint[{i}]", format.Lint, words.Lint[i]);
    }

    private void CheckException(string key, string? lint, LintException exception)
    {
        if (!Word().IsMatch(exception.Check))
        {
            binder.Problem(
                $"{key}.check",
                $"'{exception.Check}' is no error of {lint}; write its name, for instance files-duplicated-waste"
            );
        }

        OneLine($"{key}.why", exception.Why);
    }

    private void Unknown(string key, string what, string name, IEnumerable<string> known) =>
        binder.Problem(key, $"unknown {what} '{name}'; known: {string.Join(", ", known)} (recipes/_shared/packages.yml)");

    private void InPlace(string key, string path)
    {
        Plain(key, path);
        if (!Places.Any(p => path.StartsWith(p, StringComparison.Ordinal)))
            binder.Problem(key, $"'{path}' is not below {string.Join(" or ", Places)}, where packages put their files");
    }

    private void Plain(string key, string path)
    {
        if (!PlainPath().IsMatch(path) || path.Split('/').Any(c => c is ".." or "."))
            binder.Problem(key, $"'{path}' must be an absolute path of letters, digits and ._+-@, without '..'");
    }

    private void Glob(string key, string path)
    {
        try
        {
            _ = PathGlob.Parse(path);
        }
        catch (FormatException exception)
        {
            binder.Problem(key, exception.Message);
        }
    }

    private void OneLine(string key, IReadOnlyList<string> texts)
    {
        for (var i = 0; i < texts.Count; i++)
            OneLine($"{key}[{i}]", texts[i]);
    }

    private void OneLine(string key, string text)
    {
        if (text.Length == 0 || text.Any(char.IsControl))
            binder.Problem(key, "must be one line of text");
    }

    [GeneratedRegex(@"\A(/[A-Za-z0-9._+@-]+)+\z")]
    private static partial Regex PlainPath();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)*\z")]
    private static partial Regex Source();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._+@-]{0,254}\z")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\A[a-z_][a-z0-9_-]{0,30}\z")]
    private static partial Regex User();
}
