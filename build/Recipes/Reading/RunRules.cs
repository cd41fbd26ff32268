using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of the key run: names that a command line can have, ports that the image has.</summary>
internal static partial class RunRules
{
    public static void Check(YamlBinder binder, RunRule run, ImageMetadata image)
    {
        var names = run.Options;
        foreach (
            var (key, name) in new[]
            {
                ("model", names.Model),
                ("projector", names.Projector),
                ("context", names.Context),
                ("parallel", names.Parallel),
                ("address", names.Address),
                ("port", names.Port),
                ("cache_type", names.CacheType),
            }
        )
        {
            if (name is not null && !Option().IsMatch(name))
                binder.Problem($"run.options.{key}", $"'{name}' is no option without dashes");
        }

        CheckOptions(binder, "run.defaults", run.Defaults);
        if (run.Modes.Count == 0)
            binder.Problem("run.modes", "nothing can be run");
        foreach (var (name, mode) in run.Modes)
        {
            var key = $"run.modes.{name}";
            if (!IsName(name))
                binder.Problem(key, $"'{name}' is no name of a mode; use a-z, 0-9, '.', '_' and '-'");
            if (!Program().IsMatch(mode.Program))
                binder.Problem($"{key}.program", $"'{mode.Program}' is no program's name");
            if (mode.Port is { } port && !image.Ports.Contains(port))
                binder.Problem($"{key}.port", $"image.ports has no {port}");
            foreach (var option in (mode.Only?.Keys ?? []).Concat(mode.Only?.Values ?? []).Where(o => !Option().IsMatch(o)))
                binder.Problem($"{key}.only", $"'{option}' is no option without dashes");
        }

        foreach (var (i, ways) in run.Same.Index())
        {
            if (ways.Count < 2 || !ways.All(w => Way().IsMatch(w)))
                binder.Problem($"run.same[{i}]", "it must be two ways at least, each '--option' or '--option value'");
        }
    }

    public static void CheckOptions(YamlBinder binder, string key, IReadOnlyDictionary<string, string> options)
    {
        foreach (var (name, value) in options)
        {
            if (!Option().IsMatch(name))
                binder.Problem($"{key}.{name}", $"'{name}' is no option without dashes");
            if (value.Length == 0 || value.Any(char.IsControl))
                binder.Problem($"{key}.{name}", "it needs a value on one line; a flag's is true");
        }
    }

    public static bool IsName(string name) => Name().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,62}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex Option();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z")]
    private static partial Regex Program();

    [GeneratedRegex(@"\A--[a-z0-9][a-z0-9-]{0,62}(?: [^\s-]\S{0,62})?\z")]
    private static partial Regex Way();
}
