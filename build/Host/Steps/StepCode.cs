using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Steps;

/// <summary>The digest of a step's code. It is computed once for each compilation of gfxbake and then remembered.</summary>
internal static class StepCode
{
    /// <param name="paths">Where it is remembered.</param>
    /// <param name="step">The step.</param>
    /// <param name="outside">Types behind the interfaces that its work gets.</param>
    public static string Of(BuildPaths paths, Type step, params IReadOnlyList<Type> outside)
    {
        var known = RecordFile.TryRead<Known>(paths.StepCode);
        var compilation = Compilation();
        if (known?.Compilation != compilation)
            known = new Known(compilation, []);
        var name = step.FullName!;
        if (known.Steps.TryGetValue(name, out var digest))
            return digest;
        known.Steps[name] = digest = CodeDigest.Of(step, "Make", outside);
        RecordFile.Write(paths.StepCode, known);
        return digest;
    }

    // The compiler derives a module's id from its sources.
    private static string Compilation() =>
        Fingerprint.OfDigests(
            new[] { typeof(Fingerprint), typeof(Recipes.Model.Recipe), typeof(CodeDigest), typeof(StepCode) }.Select(t =>
                t.Module.ModuleVersionId.ToString("n")
            )
        );

    private sealed record Known(string Compilation, SortedDictionary<string, string> Steps);
}
