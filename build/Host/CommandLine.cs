using Cake.Core;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Tasks.Ci;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tasks.Run;

namespace Gfxbake.Host;

/// <summary>The command line as people type it, made into the words that Cake reads.</summary>
/// <param name="Words">For Cake: each target as --target=NAME, everything else as it was.</param>
public sealed record CommandLine(IReadOnlyList<string> Words)
{
    private const string CallerVariable = "GFXBAKE_CALLER";

    /// <summary>Targets whose --json is all that they print.</summary>
    private static readonly string[] Json = [nameof(CheckOllama), nameof(FitModel), nameof(RocmDowngradePlan)];

    private static readonly string[] TakeValues = ["target", "t", "working", "w", "verbosity", "v"];

    /// <summary>What stands behind a "--" of its own: words for the program that a target runs.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>Exit status of the program that a target ran for a person; null: what counts is whether the targets succeeded.</summary>
    public int? Status { get; set; }

    /// <summary>Whether the targets run without those that they depend on; Cake does not tell its tasks.</summary>
    public bool Exclusive { get; init; }

    /// <summary>The folder that relative paths of the command line start from; null: the repository.</summary>
    public string? Caller { get; init; }

    /// <summary>Where a target's result goes that another program reads.</summary>
    public TextWriter Output { get; } = Console.Out;

    /// <summary>Whether a program reads the standard output, which then takes nothing else.</summary>
    public bool IsForPrograms =>
        Words.Contains("--target=" + nameof(Matrix))
        || Words.Contains("--target=" + nameof(Tasks.Run.Run))
        || Words.Contains("--target=" + nameof(Emulate))
        || (Json.Any(t => Words.Contains("--target=" + t)) && Words.Any(w => w is "--json" or "--json=true"));

    /// <summary>Reads this process's command line.</summary>
    /// <exception cref="CakeException">There is no such target.</exception>
    public static CommandLine OfProcess(IReadOnlyList<string> words)
    {
        var caller = Environment.GetEnvironmentVariable(CallerVariable);
        // A build that this one starts, in a test for one, has another caller.
        Environment.SetEnvironmentVariable(CallerVariable, null);
        return Read(words) with { Caller = Path.IsPathFullyQualified(caller ?? "") ? caller : null };
    }

    /// <exception cref="CakeException">There is no such target.</exception>
    public static CommandLine Read(IReadOnlyList<string> words)
    {
        var end = words.TakeWhile(w => w != "--").Count();
        if (end < words.Count)
            return Read([.. words.Take(end)]) with { Extra = [.. words.Skip(end + 1)] };
        if (words.Any(w => w is "--help" or "-h" or "-?"))
            return new(["--target=" + nameof(Help)]);
        List<string> read = [];
        for (var i = 0; i < words.Count; i++)
        {
            var (name, value) = Split(words[i]);
            var takesNext = value is null && i + 1 < words.Count && !words[i + 1].StartsWith('-') && TakesNext(name, words[i + 1]);
            if (name.Length == 0)
                read.Add("--target=" + Target(words[i]));
            else if (name is "target" or "t")
                read.Add("--target=" + Target(takesNext ? words[i + 1] : value ?? ""));
            else
                read.AddRange(takesNext ? [words[i], words[i + 1]] : [words[i]]);
            if (takesNext)
                i++;
        }

        return new(read) { Exclusive = read.Any(w => Split(w).Name is "exclusive" or "e") };
    }

    /// <summary>The name of an argument and what stands behind its '='; a word that is no argument has no name.</summary>
    private static (string Name, string? Value) Split(string word)
    {
        if (!word.StartsWith('-'))
            return ("", null);
        var parts = word.TrimStart('-').Split('=', 2);
        return (parts[0], parts.Length > 1 ? parts[1] : null);
    }

    /// <summary>Whether the next word belongs to an argument: --recipe NAME, but not --provision TARGET.</summary>
    private static bool TakesNext(string name, string next) =>
        TakeValues.Contains(name)
        || (Arguments.Known.TryGetValue(name, out var argument) && (!argument.IsFlag || bool.TryParse(next, out _)));

    private static string Target(string word)
    {
        var names = TaskList.All.Select(t => t.Name).ToList();
        if (word.Length == 0)
            throw new CakeException("--target needs the name of a target; ./build.sh --target=Help lists them");
        if (names.FirstOrDefault(n => n.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } name)
            return name;
        var near = SimilarNames.Of(word, names);
        var question = near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near)}?";
        throw new CakeException($"there is no target '{PlainText.Visible(word)}'{question}\n./build.sh --target=Help lists all of them.");
    }
}
