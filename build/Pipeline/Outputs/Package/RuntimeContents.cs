using System.Text.RegularExpressions;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>A part of the runtime that has a version of its own.</summary>
/// <param name="Name">Source package.</param>
/// <param name="Version">Without epoch and revision.</param>
public sealed record RuntimePart(string Name, string Version);

/// <summary>What a runtime is made of, as its package says it: parts and one licence expression.</summary>
public static partial class RuntimeContents
{
    /// <summary>Stands for licences that the SPDX list has no name for.</summary>
    public const string Others = "LicenseRef-Others";

    /// <summary>The packages of the image of which more than licence texts are in the runtime.</summary>
    public static IReadOnlyList<SbomPackage> Packages(SbomDocument sbom, RuntimeTree runtime)
    {
        var paths = runtime
            .Contents.Where(e => e.ImagePath is not null && e.Entry.Path.StartsWith(runtime.Places.Home + "/", StringComparison.Ordinal))
            .Select(e => e.ImagePath!)
            .ToHashSet(StringComparer.Ordinal);
        return [.. sbom.Packages.Where(p => p.Files.Any(f => paths.Contains(f.Path)))];
    }

    /// <summary>Source packages with their versions, by name; a stand-in is written by gfxbake and has none.</summary>
    public static IReadOnlyList<RuntimePart> Parts(IEnumerable<SbomPackage> packages) =>
        [
            .. packages
                .Where(p => p.Replaces is null)
                .Select(p => new RuntimePart(Source(p), PackageVersion.Upstream(p.Version)))
                .Where(p => Name().IsMatch(p.Name))
                .DistinctBy(p => p.Name)
                .OrderBy(p => p.Name, StringComparer.Ordinal),
        ];

    /// <summary>The libraries in the runtime that have a stand-in.</summary>
    public static IReadOnlyList<RuntimeStandIn> StandIns(PrunePlan plan, RuntimeTree runtime)
    {
        var paths = runtime.Contents.Select(e => e.ImagePath).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return
        [
            .. plan
                .Entries.Where(e => paths.Contains(e.Path))
                .Select(e => e.StandIn)
                .OfType<PlanStandIn>()
                .Select(s => new RuntimeStandIn(s.SoName, s.Answers)),
        ];
    }

    /// <summary>
    /// All licences that hold of some file, joined with AND, each once. What the SPDX list lacks becomes one <see cref="Others"/>: there
    /// are dozens of such texts in a C library alone, and all are among the package's licence files.
    /// </summary>
    /// <param name="packages">The packages of the runtime.</param>
    /// <param name="program">Expression of the program itself, which comes first.</param>
    public static string Licence(IEnumerable<SbomPackage> packages, string program)
    {
        var terms = packages
            .SelectMany(p => p.Licence.Expression is { } expression ? Terms(expression) : [Others])
            .ToLookup(t => t.Contains("LicenseRef-", StringComparison.Ordinal));
        string[] last = terms[true].Any() ? [Others] : [];
        return string.Join(
            " AND ",
            Terms(program).Concat(terms[false].Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal).Concat(last)
        );
    }

    /// <summary>What an expression demands: its parts at the ANDs, also those in parentheses. A choice with OR stays whole.</summary>
    private static IEnumerable<string> Terms(string expression)
    {
        var text = expression.Trim();
        while (IsEnclosed(text))
            text = text[1..^1].Trim();
        if (Split(text, " OR ").Count > 1)
            return [$"({text})"];
        var parts = Split(text, " AND ");
        return parts.Count > 1 ? parts.SelectMany(Terms) : [text];
    }

    /// <summary>Splits at a word that stands in no parentheses.</summary>
    private static List<string> Split(string text, string word)
    {
        var (parts, depth, start) = (new List<string>(), 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (depth != 0 || string.CompareOrdinal(text, i, word, 0, word.Length) != 0)
                continue;
            parts.Add(text[start..i]);
            start = i + word.Length;
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static bool IsEnclosed(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (depth == 0)
                return i > 0 && i == text.Length - 1;
        }

        return false;
    }

    private static string Source(SbomPackage package) => package.Source.Length > 0 ? package.Source : package.Name;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.+-]*\z")]
    private static partial Regex Name();
}
