using Gfxbake.Formats.Logs;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.ServerLog;

/// <summary>Known and unknown failures of one start, each once with its count.</summary>
internal sealed class LogFindings(OllamaLogFacts facts)
{
    private const int MostUnknown = 20;
    private const int MostCharacters = 2_000;

    private readonly (KnownLine Line, string[][] Texts)[] entries =
    [
        .. facts.Lines.Select(l => (l, l.Text.Select(t => t.Split('…', StringSplitOptions.RemoveEmptyEntries)).ToArray())),
    ];

    private readonly Dictionary<KnownLine, LogFinding> known = [];
    private readonly Dictionary<string, LogFailure> unknown = new(StringComparer.Ordinal);

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<LogFinding> Known => [.. facts.Lines.Where(known.ContainsKey).Select(l => known[l])];

    public IReadOnlyList<LogFailure> Unknown => [.. unknown.Values];

    public long MoreUnknown { get; private set; }

    /// <summary>The last line that says of itself that something can't work; 0: none.</summary>
    public long LastError { get; private set; }

    public void Take(LogLine line)
    {
        var isKnown = false;
        foreach (var (entry, texts) in entries)
        {
            if (!texts.Any(t => Holds(line.Text, t)))
                continue;
            isKnown = true;
            Add(entry, line);
        }

        if (!isKnown)
            TakeUnknown(line);
    }

    private static bool Holds(string text, string[] pieces)
    {
        var at = 0;
        foreach (var piece in pieces)
        {
            at = text.IndexOf(piece, at, StringComparison.Ordinal);
            if (at < 0)
                return false;
            at += piece.Length;
        }

        return true;
    }

    private void Add(KnownLine entry, LogLine line)
    {
        var source = facts.Sources[entry.Source];
        if (entry.Level == FindingLevel.Error)
            LastError = line.Number;
        known[entry] = known.TryGetValue(entry, out var before)
            ? before with
            {
                Count = before.Count + 1,
                LastLine = line.Number,
            }
            : new()
            {
                Level = entry.Level,
                Count = 1,
                FirstLine = line.Number,
                LastLine = line.Number,
                Text = Shortened(line.Text),
                Meaning = entry.Meaning,
                Remedy = entry.Remedy,
                Source = source.Where,
                Read = source.Read,
            };
    }

    private void TakeUnknown(LogLine line)
    {
        var signs = facts.Failures;
        var isFatal = signs.Fatal.Any(t => line.Text.Contains(t, StringComparison.Ordinal));
        if (
            !isFatal
            && !signs.Levels.Contains(line.Level ?? "", StringComparer.Ordinal)
            && (line.Level is not null || !signs.Texts.Any(t => line.Text.Contains(t, StringComparison.Ordinal)))
        )
        {
            return;
        }

        if (isFatal)
            LastError = line.Number;
        var text = Shortened(line.Text);
        var before = unknown.GetValueOrDefault(text);
        if (before is null && unknown.Count == MostUnknown)
        {
            MoreUnknown++;
            return;
        }

        unknown[text] = new()
        {
            Count = (before?.Count ?? 0) + 1,
            FirstLine = before?.FirstLine ?? line.Number,
            LastLine = line.Number,
            Text = text,
            IsFatal = isFatal,
        };
    }

    private static string Shortened(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters] + "…";
}
