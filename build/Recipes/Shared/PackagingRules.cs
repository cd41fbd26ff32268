using System.Text.RegularExpressions;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>What must hold of packages.yml beyond its keys: its words become file names, expressions and folders.</summary>
internal sealed partial class PackagingRules(YamlBinder binder)
{
    private const int FewestColumns = 40;

    private const string Words = "{name}, {epoch}, {version}, {release}, {architecture}";

    // Without the first the packages of two variants had one name; without the others an upgrade could not be told from its package.
    private static readonly string[] Needed = ["{name}", "{version}", "{release}"];

    public static void Check(YamlBinder binder, PackagingFacts facts)
    {
        if (facts.Formats.Count == 0)
            binder.Problem("formats", "at least one format is needed");
        foreach (var (name, format) in facts.Formats)
            new PackagingRules(binder).Check($"formats.{name}", name, format);
        foreach (var twice in facts.Formats.GroupBy(f => f.Value.Target, StringComparer.Ordinal).Where(g => g.Count() > 1))
            binder.Problem($"formats.{twice.Last().Key}.target", $"two formats have the target '{twice.Key}'");
    }

    private void Check(string key, string name, PackageFormat format)
    {
        // No hyphen: arch-… must not begin the files of another format too.
        if (!Name().IsMatch(name))
            binder.Problem(key, $"'{name}' is no name of a format; use a-z and 0-9: its files in docker/packages begin with it");
        if (!Target().IsMatch(format.Target))
            binder.Problem($"{key}.target", $"'{format.Target}' is no name of a target, such as ArchPackage");
        CheckFile($"{key}.file", format.File);
        if (!Signs().IsMatch(format.Version.Signs) || !IsClass(format.Version.Signs))
            binder.Problem($"{key}.version.signs", $"'{format.Version.Signs}' are no signs of a version, such as A-Za-z0-9.+_");
        foreach (var (place, folder) in Folders(format.Places).Where(f => !Folder().IsMatch(f.Folder)))
            binder.Problem($"{key}.places.{place}", $"'{folder}' must be an absolute path without a slash at its end");
        foreach (var relation in format.Relations.Keys.Where(r => !Relation().IsMatch(r)))
            binder.Problem($"{key}.relations.{relation}", $"'{relation}' is no word for templates; use a-z and '_'");
        foreach (var sign in format.Escape.Keys.Where(s => s.Length != 1))
            binder.Problem($"{key}.escape", $"'{sign}' is more than one sign, or none");
        if (format.DescriptionColumns < FewestColumns)
            binder.Problem($"{key}.description_columns", $"no description fits into {format.DescriptionColumns} columns");
    }

    private void CheckFile(string key, string file)
    {
        foreach (var word in Needed.Where(n => !file.Contains(n, StringComparison.Ordinal)))
            binder.Problem(key, $"'{file}' lacks {word}, so packages could not be told apart");
        if (!FileName().IsMatch(file))
            binder.Problem(key, $"'{file}' must be of letters, digits, ._+~- and {Words}");
        if (file.EndsWith('}'))
            binder.Problem(key, $"'{file}' has no ending by which a package is found among other files");
    }

    private static bool IsClass(string signs)
    {
        try
        {
            _ = new Regex($"[^{signs}]");
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static IEnumerable<(string Place, string Folder)> Folders(PackagePlaces places) =>
        [("programs", places.Programs), ("units", places.Units), ("configuration", places.Configuration)];

    [GeneratedRegex(@"\A[a-z][a-z0-9]{0,30}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Z][A-Za-z0-9]{0,30}\z")]
    private static partial Regex Target();

    [GeneratedRegex(@"\A([A-Za-z0-9._+~-]|\{(name|epoch|version|release|architecture)\})+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A[A-Za-z0-9._+~-]+\z")]
    private static partial Regex Signs();

    [GeneratedRegex(@"\A(/[A-Za-z0-9._+-]+)+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Folder();

    [GeneratedRegex(@"\A[a-z][a-z_]*\z")]
    private static partial Regex Relation();
}
