using System.Text.RegularExpressions;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.ServerLog;

/// <summary>The expressions of ollama-log.yml, made once: that takes longer than a short log.</summary>
internal sealed class LogPatterns(LogForms forms)
{
    public Regex Start { get; } = Of(forms.Start);

    public Regex Version { get; } = Of(forms.Version);

    public Regex Device { get; } = Of(forms.Device);

    public Regex Loading { get; } = Of(forms.Loading);

    public Regex Layers { get; } = Of(forms.Layers);

    public Regex HostMemory { get; } = Of(forms.HostMemory);

    public IReadOnlyList<Regex> Weights { get; } = [.. forms.Weights.Select(Of)];

    private static Regex Of(string pattern) => new(pattern, RegexOptions.NonBacktracking);
}
