using System.Text.RegularExpressions;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Downgrade;

/// <summary>Plans the way back to an older ROCm. It changes nothing, and neither does a command that it asks.</summary>
public static class DowngradePlanner
{
    /// <summary>The manager whose database a machine has.</summary>
    /// <exception cref="DowngradeException">It has none that is known.</exception>
    public static PackageManagerRule ManagerOf(PackageManagerFacts facts, string root) =>
        facts.Managers.FirstOrDefault(m => m.Database.Any(d => Path.Exists(Path.Combine(root, d))))
        ?? throw new DowngradeException(
            $"{root} has no database of packages ({string.Join(", ", facts.Managers.SelectMany(m => m.Database))}); "
                + "RocmDowngradePlan knows "
                + string.Join(", ", facts.Managers.Select(m => m.Name))
        );

    /// <param name="facts">How managers are asked.</param>
    /// <param name="rule">The machine's manager.</param>
    /// <param name="root">The machine.</param>
    /// <param name="wanted">A ROCm such as 6.4; null: whatever is older.</param>
    /// <param name="run">Starts a command that only reads.</param>
    /// <exception cref="DowngradeException">There is no ROCm, or the manager gives no list.</exception>
    public static DowngradePlan Of(
        PackageManagerFacts facts,
        PackageManagerRule rule,
        string root,
        string? wanted,
        Func<IReadOnlyList<string>, ToolAnswer> run
    )
    {
        var questions = new PackageQuestions(rule, run, root);
        var installed = questions.Installed();
        List<string> names = [.. installed.Keys.Where(n => PackageQuestions.IsRocm(n, facts.Rocm))];
        var none = $"{rule.Name}: none of {installed.Count:N0} installed packages is ROCm's (package-managers.yml: rocm)";
        if (names.Count == 0)
            throw new DowngradeException(none);
        var versions = questions.Versions(names);
        var forms = wanted is null ? null : Forms(facts, wanted);
        List<DowngradePackage> packages = [.. names.Select(n => Package(n, installed, versions[n], forms, names, questions))];
        var moved = packages.Where(p => p.To is not null).ToList();
        List<string> targets = [.. moved.Select(p => versions[p.Name].First(v => v.Version == p.To).Target)];
        var (breaks, refused) = targets.Count > 0 ? questions.Try(targets) : ([], []);
        return new()
        {
            Manager = rule.Name,
            Wanted = wanted,
            Packages = packages,
            Breaks = breaks,
            Refused = refused,
            Commands = targets.Count > 0 ? Filled(rule.Commands, moved, versions, targets) : [],
            Undo = targets.Count > 0 ? Filled(rule.Undo, moved, versions, targets) : [],
            Lost = [.. moved.Where(p => versions[p.Name].All(v => v.Version != p.Version)).Select(p => p.Name)],
            Hold = targets.Count > 0 ? rule.Hold?.Replace("{names}", Names(moved), StringComparison.Ordinal) : null,
            Refresh = rule.Refresh,
            Elsewhere = [.. packages.Where(p => p.To is null).Take(1).SelectMany(p => rule.Elsewhere.Select(e => Place(e, p.Name)))],
            Notes = questions.Notes,
        };
    }

    private static DowngradePackage Package(
        string name,
        IReadOnlyDictionary<string, string> installed,
        IEnumerable<(string Version, string Target)> versions,
        IReadOnlyList<Regex>? forms,
        IReadOnlyList<string> rocm,
        PackageQuestions questions
    )
    {
        var order = PackageVersions.Order;
        List<string> older =
        [
            .. versions.Select(v => v.Version).Distinct().Where(v => order.Compare(v, installed[name]) < 0).OrderDescending(order),
        ];
        return new()
        {
            Name = name,
            Version = installed[name],
            Older = older,
            To = older.FirstOrDefault(v => forms?.Any(f => f.IsMatch(v)) ?? true),
            Dependents = [.. questions.Dependents(name).Where(d => installed.ContainsKey(d) && !rocm.Contains(d))],
        };
    }

    private static List<Regex> Forms(PackageManagerFacts facts, string wanted)
    {
        // AMD writes 6.4 as 604, 7.14 as 714 and 10.0 as 1000.
        var packed = string.Concat(wanted.Split('.').Take(2).Select((p, i) => i == 0 ? p : p.PadLeft(2, '0')));
        return
        [
            .. facts.VersionForms.Select(f => new Regex(
                f.Replace("{version}", Regex.Escape(wanted), StringComparison.Ordinal)
                    .Replace("{packed}", packed, StringComparison.Ordinal),
                RegexOptions.NonBacktracking
            )),
        ];
    }

    private static IReadOnlyList<IReadOnlyList<string>> Filled(
        IReadOnlyList<IReadOnlyList<string>> commands,
        IReadOnlyList<DowngradePackage> moved,
        ILookup<string, (string Version, string Target)> versions,
        IReadOnlyList<string> targets
    )
    {
        var holes = new Dictionary<string, IEnumerable<string>>
        {
            ["{targets}"] = targets,
            ["{names}"] = moved.Select(p => p.Name),
            ["{present}"] = moved
                .Select(p => versions[p.Name].FirstOrDefault(v => v.Version == p.Version).Target)
                .Where(t => !string.IsNullOrEmpty(t)),
        };
        return [.. commands.Select(c => c.SelectMany(w => holes.GetValueOrDefault(w) ?? [w]).ToList())];
    }

    private static string Names(IEnumerable<DowngradePackage> packages) => string.Join(' ', packages.Select(p => p.Name));

    private static string Place(string text, string name) =>
        text.Replace("{name}", name, StringComparison.Ordinal).Replace("{initial}", name[..1], StringComparison.Ordinal);
}
