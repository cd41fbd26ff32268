using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>
/// What must hold of a stage: its words are handed to dnf, and its lock is written. The lock is read when StageRocm runs; it may not be
/// there yet.
/// </summary>
internal static partial class StageRules
{
    public static void Check(YamlBinder binder, StageRule rule)
    {
        if (!LockRules.IsBelow(rule.Lock))
            binder.Problem("stage.lock", $"'{rule.Lock}' must be a file below recipes/, without '..'");
        if (rule.Packages.Count == 0)
            binder.Problem("stage.packages", "nothing would be unpacked; name a package");
        foreach (var (i, name) in rule.Packages.Index().Where(p => !Name().IsMatch(p.Item)))
            binder.Problem($"stage.packages[{i}]", $"'{name}' is no name of a package");
        foreach (var twice in rule.Packages.GroupBy(p => p, StringComparer.Ordinal).Where(g => g.Count() > 1))
            binder.Problem("stage.packages", $"'{twice.Key}' is named {twice.Count()} times");
        if (!rule.Packages.Contains(rule.VersionOf))
            binder.Problem("stage.version_of", $"'{rule.VersionOf}' is none of the stage's packages");
        if (!Name().IsMatch(rule.Release))
            binder.Problem("stage.release", $"'{rule.Release}' is no release");
        if (rule.Repositories.Count == 0)
            binder.Problem("stage.repositories", "dnf would look nowhere; name a repository");
        foreach (var (i, address) in rule.Repositories.Index().Where(r => !SourceRules.IsRepository(r.Item)))
            binder.Problem($"stage.repositories[{i}]", $"'{address}' is no https:// or file:// address");
        Check(binder, "stage.leave_out", rule.LeaveOut);
        Check(binder, "stage.places.library", rule.Places.Library);
        Check(binder, "stage.places.table", rule.Places.Table);
        Check(binder, "stage.places.compiler", rule.Places.Compiler);
        Check(binder, "stage.places.device_library", rule.Places.DeviceLibrary);
        Check(binder, "stage.places.prefix", [rule.Places.Prefix]);
    }

    private static void Check(YamlBinder binder, string key, IReadOnlyList<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            try
            {
                _ = PathGlob.Parse(pattern);
            }
            catch (FormatException error)
            {
                binder.Problem(key, error.Message);
            }
        }
    }

    // Each becomes a word of dnf's command line, so none starts with '-'.
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,99}\z")]
    private static partial Regex Name();
}
