using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Matrix;

/// <summary>The jobs of a CI run: recipes × variants, as the data says.</summary>
public static class CiMatrix
{
    /// <summary>GitHub's limit of jobs in one matrix.</summary>
    public const int Most = 256;

    private const int KeyDigits = 16;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>One entry for each variant that takes part in CI, sorted by name.</summary>
    /// <param name="recipes">In any order.</param>
    /// <param name="scope">Which of their variants.</param>
    /// <param name="dockerfile">Gives a fingerprint of a variant's Dockerfile.</param>
    /// <exception cref="MatrixException">None or more than GitHub takes.</exception>
    public static IReadOnlyList<MatrixEntry> Of(IEnumerable<Recipe> recipes, MatrixScope scope, Func<Variant, string> dockerfile)
    {
        List<MatrixEntry> entries =
        [
            .. from recipe in recipes
            from variant in recipe.Variants
            where variant.Value.Ci.Build
            let entry = Entry(recipe, variant.Key, variant.Value, dockerfile)
            where scope == MatrixScope.All || entry.Compiles == (scope == MatrixScope.Compiled)
            orderby entry.Recipe, entry.Variant
            select entry,
        ];
        return entries.Count switch
        {
            // GitHub takes an empty matrix for an error without saying where it comes from.
            0 => throw new MatrixException(
                "no variant is left for the matrix; ask for another recipe, variant or scope, or look at ci.build in recipes/*/recipe.yml"
            ),
            > Most => throw new MatrixException(
                $"the matrix has {entries.Count} entries, and GitHub takes {Most}; "
                    + $"split it with --recipe= or --what=, or leave variants out with ci: {{build: false}}"
            ),
            _ => entries,
        };
    }

    /// <summary>The value of strategy.matrix, on one line: {"include":[…]}.</summary>
    public static string Text(IReadOnlyList<MatrixEntry> entries) => JsonSerializer.Serialize(new { Include = entries }, Json);

    private static MatrixEntry Entry(Recipe recipe, string name, Variant variant, Func<Variant, string> dockerfile)
    {
        var made = new
        {
            variant.Base,
            variant.CodeTarget,
            variant.Args,
            // Where newer ones are announced changes nothing of these.
            Source = variant.Source is { } code ? code with { Upstream = [] } : null,
            Others = variant.Sources.Skip(1).Select(s => s with { Upstream = [] }),
            Archives = variant.Archives.ToDictionary(a => a.Key, a => a.Value with { Upstream = [] }),
            Packages = variant.Packages?.Files,
            Dockerfile = dockerfile(variant),
        };
        return new MatrixEntry(
            recipe.Name,
            name,
            recipe.Gpu,
            variant.CodeTarget,
            variant.Source is not null,
            variant.Ci.Runner,
            Fingerprint.Of(variant.Base.Bootstrap),
            $"{recipe.Name}-{name}-{Fingerprint.Of(made)[..KeyDigits]}"
        );
    }
}

/// <summary>There is no matrix that GitHub would take; says why.</summary>
public sealed class MatrixException(string message) : Exception(message);
