using System.Text.RegularExpressions;
using Gfxbake.Core.Sbom;

namespace Gfxbake.Core.Packaging;

/// <summary>A part of the bundle that has a version of its own.</summary>
/// <param name="Name">Source package.</param>
/// <param name="Version">Without epoch and revision.</param>
public sealed record BundledPart(string Name, string Version);

/// <summary>What a bundle is made of, as its package says it: parts and one licence expression.</summary>
public static partial class BundleContents
{
    /// <summary>The packages of the image of which more than licence texts are in the bundle.</summary>
    public static IReadOnlyList<SbomPackage> Packages(SbomDocument sbom, RuntimeBundle bundle)
    {
        var paths = bundle.Contents.Where(e => e.ImagePath is not null && e.Entry.Path.StartsWith(bundle.Places.Home + "/", StringComparison.Ordinal)).Select(e => e.ImagePath!).ToHashSet(StringComparer.Ordinal);
        return [.. sbom.Packages.Where(p => p.Files.Any(f => paths.Contains(f.Path)))];
    }

    /// <summary>Source packages with their versions, by name.</summary>
    public static IReadOnlyList<BundledPart> Parts(IEnumerable<SbomPackage> packages) =>
        [.. packages.Select(p => new BundledPart(Source(p), PackageVersion.Of(p.Version))).Where(p => Name().IsMatch(p.Name)).DistinctBy(p => p.Name).OrderBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>All licences that hold of some file: the terms of each package's expression, once each, joined with AND.</summary>
    /// <param name="packages">The packages of the bundle.</param>
    /// <param name="program">Expression of the program itself, which comes first.</param>
    public static string Licence(IEnumerable<SbomPackage> packages, string program)
    {
        // A term with OR stays whole. What has no machine-readable licence is named by its package: the text is among the licence files.
        var terms = packages.SelectMany(p => p.Licence.Expression is { } expression ? Terms(expression) : [$"LicenseRef-{Source(p)}"]);
        return string.Join(" AND ", Terms(program).Concat(terms.Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal));
    }

    /// <summary>Splits an expression at the ANDs that stand in no parentheses.</summary>
    private static IEnumerable<string> Terms(string expression)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < expression.Length; i++)
        {
            if (expression[i] == '(') depth++;
            else if (expression[i] == ')') depth--;
            else if (depth == 0 && string.CompareOrdinal(expression, i, " AND ", 0, 5) == 0)
            {
                yield return Term(expression[start..i]);
                start = i + 5;
            }
        }

        yield return Term(expression[start..]);
    }

    // OR binds weaker than AND, so such a term needs its parentheses.
    private static string Term(string text)
    {
        var term = text.Trim();
        return term.Contains(" OR ", StringComparison.Ordinal) && !term.StartsWith('(') ? $"({term})" : term;
    }

    private static string Source(SbomPackage package) => package.Source.Length > 0 ? package.Source : package.Name;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.+-]*\z")]
    private static partial Regex Name();
}
