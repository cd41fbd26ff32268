using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of a device that this machine may have.</summary>
internal static partial class InstalledRules
{
    private const string Kit = "{kit}/";

    public static void Check(YamlBinder binder, string key, Device device, InstalledDevice installed)
    {
        if (device.Traced)
            binder.Problem($"{key}.traced", "what this machine has can't say what an image needs; set it to false");
        if (installed.Programs.Count == 0)
            binder.Problem($"{key}.installed.programs", "without a program nothing can be found");
        foreach (var (i, program) in installed.Programs.Index())
        {
            var at = $"{key}.installed.programs[{i}]";
            foreach (var place in program.Places.Where(p => !Place().IsMatch(p)))
                binder.Problem($"{at}.places", $"'{place}' is neither a program's name nor an absolute path");
            if (program.Words is not [var first, ..] || !first.StartsWith(Kit, StringComparison.Ordinal) || !IsBelow(first[Kit.Length..]))
                binder.Problem($"{at}.words", $"the first word must be where the kit has the program: {Kit}bin/NAME");
        }

        foreach (var file in installed.Files.SelectMany(f => f.Split('|')).Where(f => !IsBelow(f)))
            binder.Problem($"{key}.installed.files", $"'{file}' must be a file below the program's prefix, without '..'");
    }

    private static bool IsBelow(string path) => Below().IsMatch(path) && !path.Split('/').Contains("..");

    [GeneratedRegex(@"\A([A-Za-z0-9_][A-Za-z0-9._+-]*|(/[A-Za-z0-9_][A-Za-z0-9._+-]*)+)\z")]
    private static partial Regex Place();

    [GeneratedRegex(@"\A[A-Za-z0-9._+{}-]+(/[A-Za-z0-9._+{}-]+)*\z")]
    private static partial Regex Below();
}
