using System.Text.RegularExpressions;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>What must hold of ollama-log.yml beyond its keys.</summary>
internal static partial class OllamaLogRules
{
    public static void Check(YamlBinder binder, OllamaLogFacts facts)
    {
        foreach (var (name, source) in facts.Sources.Where(s => !Day().IsMatch(s.Value.Read)))
            binder.Problem($"sources.{name}.read", $"'{source.Read}' is no date: write 2026-11-28 or 2026-11");
        var forms = facts.Forms;
        Pattern(binder, "forms.start", forms.Start, 0);
        Pattern(binder, "forms.version", forms.Version, 1);
        Pattern(binder, "forms.device", forms.Device, 0);
        Pattern(binder, "forms.loading", forms.Loading, 0);
        Pattern(binder, "forms.layers", forms.Layers, 2);
        Pattern(binder, "forms.host_memory", forms.HostMemory, 0);
        foreach (var (i, weights) in forms.Weights.Index())
            Pattern(binder, $"forms.weights[{i}]", weights, 2);
        foreach (var (i, line) in facts.Lines.Index())
            Check(binder, $"lines[{i}]", facts, line);
        foreach (var twice in facts.Lines.SelectMany(l => l.Text).GroupBy(t => t, StringComparer.Ordinal).Where(g => g.Count() > 1))
            binder.Problem("lines", $"two entries have the text '{twice.Key}'");
    }

    private static void Check(YamlBinder binder, string key, OllamaLogFacts facts, KnownLine line)
    {
        if (line.Text.Count == 0 || line.Text.Any(t => t.Split('…').All(p => p.Trim().Length < 8)))
            binder.Problem($"{key}.text", "it needs a text of eight characters or more, or it is found in anything");
        if (!facts.Sources.ContainsKey(line.Source))
            binder.Problem($"{key}.source", $"unknown source '{line.Source}'; known: {string.Join(", ", facts.Sources.Keys)}");
        if (line.Level == FindingLevel.Ok)
            binder.Problem($"{key}.level", "it can be note, warning or error; the device's line says what is well");
        if (line.Level >= FindingLevel.Warning && line.Remedy is null)
            binder.Problem(key, "a warning or error needs 'remedy'");
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

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}(-[0-9]{2})?\z")]
    private static partial Regex Day();
}
