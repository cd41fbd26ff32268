using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Downgrade;

/// <summary>Asks one package manager. Its answers on another machine's tree may be hostile: names that are none get no further.</summary>
/// <param name="rule">The manager.</param>
/// <param name="run">Starts a command that only reads.</param>
/// <param name="root">The machine's folder; "/" is this one.</param>
public sealed partial class PackageQuestions(PackageManagerRule rule, Func<IReadOnlyList<string>, ToolAnswer> run, string root)
{
    private const int MostPackages = 200_000;

    // "{root}/var" must be "/var" for this machine.
    private readonly string prefix = root.TrimEnd('/');
    private readonly List<string> notes = [];

    public IReadOnlyList<string> Notes => notes;

    /// <exception cref="DowngradeException">The manager gives no list.</exception>
    public IReadOnlyDictionary<string, string> Installed()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var answer = Ask(rule.Installed.Run);
        foreach (var match in Matches(rule.Installed.Match, answer).Take(MostPackages))
            found[match[1]] = match[2];
        return found.Count > 0 && answer.Status == 0
            ? found
            : throw new DowngradeException(
                $"{Shown(rule.Installed.Run)} says nothing of installed packages (status {answer.Status}){Said(answer)}"
            );
    }

    /// <summary>Each version, with the word that asks for it.</summary>
    public ILookup<string, (string Version, string Target)> Versions(IReadOnlyList<string> names)
    {
        var found = new List<(string Name, string Version, string Target)>();
        foreach (var query in rule.Versions)
        {
            var answer = Ask(Many(query.Run, "{packages}", names));
            var rows = Matches(query.Match, answer).ToList();
            if (rows.Count == 0)
                notes.Add($"{Shown(query.Run)}: nothing{Said(answer)}");
            found.AddRange(rows.Select(m => (m[1], m[2], Target(m[1], m[2], ""))));
        }

        found.AddRange(Cached());
        return found
            .Where(f => names.Contains(f.Name))
            .Distinct()
            .ToLookup(f => f.Name, f => (f.Version, f.Target), StringComparer.Ordinal);
    }

    public IReadOnlyList<string> Dependents(string name)
    {
        var answer = Ask([.. rule.Dependents.Run.Select(w => w.Replace("{package}", name, StringComparison.Ordinal))]);
        return
        [
            .. Matches(rule.Dependents.Match, answer, names: false)
                .SelectMany(m => m[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Lets the manager say what it would do.</summary>
    public (IReadOnlyList<string> Breaks, IReadOnlyList<string> Refused) Try(IReadOnlyList<string> targets)
    {
        var trial = rule.Trial;
        var answer = Ask(Many(trial.Run, "{targets}", targets));
        var (section, removed, failed) = (Pattern(trial.Section ?? ""), Pattern(trial.Removed), Pattern(trial.Failed));
        var (breaks, refused) = (new SortedSet<string>(StringComparer.Ordinal), new List<string>());
        var inside = trial.Section is null;
        foreach (var line in answer.Output.Concat(answer.Errors))
        {
            if (trial.Section is not null && !line.StartsWith(' '))
                inside = section.IsMatch(line);
            if (inside && removed.Match(line) is { Success: true } gone && Name().IsMatch(gone.Groups[1].Value))
                breaks.Add(gone.Groups[1].Value);
            if (failed.Match(line) is { Success: true } why && why.Groups[1].Value.Trim() is { Length: > 0 } reason)
                refused.Add(PlainText.Line(reason));
        }

        return ([.. breaks], refused);
    }

    public static bool IsRocm(string name, IReadOnlyList<string> globs) =>
        globs.Any(g => FileSystemName.MatchesSimpleExpression(g, name, ignoreCase: false));

    private IEnumerable<(string Name, string Version, string Target)> Cached()
    {
        if (rule.Cached is not { } cached)
            return [];
        var folder = new DirectoryInfo($"{prefix}/{cached.Folder}");
        if (!folder.Exists)
            return [];
        var pattern = Pattern(cached.Match);
        return folder
            .EnumerateFiles()
            .Take(MostPackages)
            .Select(f => (f.FullName, Match: pattern.Match(f.Name)))
            .Where(f => f.Match.Success && f.Match.Groups.Values.Skip(1).All(g => Name().IsMatch(g.Value)))
            .Select(f => (f.Match.Groups[1].Value, f.Match.Groups[2].Value, f.FullName))
            .Select(f => (f.Item1, f.Item2, Target(f.Item1, f.Item2, f.FullName)))
            .OrderBy(f => f.Item3, StringComparer.Ordinal);
    }

    private string Target(string name, string version, string file) =>
        rule
            .Target.Replace("{name}", name, StringComparison.Ordinal)
            .Replace("{version}", version, StringComparison.Ordinal)
            .Replace("{file}", file, StringComparison.Ordinal);

    private ToolAnswer Ask(IReadOnlyList<string> words) =>
        run([.. words.Select(w => w.Replace("{root}", prefix, StringComparison.Ordinal))]);

    private static IReadOnlyList<string> Many(IReadOnlyList<string> words, string hole, IReadOnlyList<string> values) =>
        [.. words.SelectMany(w => w == hole ? values : [w])];

    private static IEnumerable<IReadOnlyList<string>> Matches(string pattern, ToolAnswer answer, bool names = true)
    {
        var regex = Pattern(pattern);
        return answer
            .Output.Select(l => regex.Match(l))
            .Where(m => m.Success)
            .Select(m => m.Groups.Values.Select(g => g.Value).ToList())
            .Where(m => !names || m.Skip(1).All(Name().IsMatch));
    }

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.NonBacktracking);

    private static string Shown(IReadOnlyList<string> words) => string.Join(' ', words.Take(1));

    private static string Said(ToolAnswer answer) => answer.Errors.Count > 0 ? $": {PlainText.Line(answer.Errors[^1])}" : "";

    // No option, and nothing that a terminal or a shell could take for more than a word.
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9+._:~^@-]{0,127}\z")]
    private static partial Regex Name();
}
