using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>SIZE_COMPARISON.md: a table with a row for each recorded build, between texts that stay as they are.</summary>
public sealed partial class SizeHistory
{
    public const string FileName = Steps.BuildPaths.SizeHistoryName;

    // A row has about 200 characters: room for the builds of many years.
    private const int LongestFile = 1 << 22;

    private static readonly string[] Columns = ["date", "recipe", "variant", "revision", "versions", "full", "minimal", "zst", "saved"];

    private readonly List<string> lines;
    private readonly int end;

    private SizeHistory(List<string> lines, int end, IReadOnlyList<HistoryRow> rows) => (this.lines, this.end, Rows) = (lines, end, rows);

    public static SizeHistory Empty { get; } =
        Parse(
            $"""
            # Sizes of recorded builds

            `--target=CompareExports --record` adds a row; docs/sizes.md explains it. All sizes are bytes: full and minimal sum
            the sizes of the image's files, zst is the minimal image's archive, saved compares minimal with full.

            | {string.Join(" | ", Columns)} |
            |---|---|---|---|---|---:|---:|---:|---:|

            """
        );

    public IReadOnlyList<HistoryRow> Rows { get; }

    public string Text => string.Join('\n', lines) + "\n";

    /// <summary>The newest row of a recipe's variant, which is the lowest.</summary>
    public HistoryRow? Last(string recipe, string variant) => Rows.LastOrDefault(r => r.Recipe == recipe && r.Variant == variant);

    /// <summary>The history with one more row; itself when it has that build with the same figures already, whatever the day.</summary>
    public SizeHistory With(HistoryRow row)
    {
        if (Rows.Any(r => r with { Date = row.Date } == row))
            return this;
        List<string> longer = [.. lines[..end], Line(row), .. lines[end..]];
        return new SizeHistory(longer, end + 1, [.. Rows, row]);
    }

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="SizeFormatException">The table is missing or broken.</exception>
    public static SizeHistory Parse(string text)
    {
        if (text.Length > LongestFile)
            throw new SizeFormatException($"{FileName} is longer than {LongestFile} characters; move old rows to another file");
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').ToList();
        var problems = new List<string>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (Conflict().IsMatch(lines[i]))
                problems.Add(At(i, "is left of a merge conflict; resolve it"));
        }

        var header = lines.FindIndex(l => PlainText.Cells(l)?.SequenceEqual(Columns) ?? false);
        if (header < 0)
        {
            problems.Add(
                At(0, $"has no table with the columns {string.Join(", ", Columns)}; restore the file from git, or delete it to start anew")
            );
        }

        if (problems.Count > 0)
            throw new SizeFormatException(string.Join('\n', problems));

        if (
            header + 1 >= lines.Count
            || PlainText.Cells(lines[header + 1]) is not { } rule
            || rule.Count != Columns.Length
            || !rule.All(c => Rule().IsMatch(c))
        )
        {
            problems.Add(At(header + 1, $"must be the line |---|…| with {Columns.Length} columns"));
        }

        var rows = new List<HistoryRow>();
        var end = header + 2;
        for (; end < lines.Count && lines[end].TrimStart().StartsWith('|'); end++)
        {
            if (Row(lines[end], end, problems) is { } row)
                rows.Add(row);
        }
        // A blank line ends a table in Markdown; rows after it would be lost without a word.
        for (var i = 0; i < lines.Count; i++)
        {
            if ((i < header || i >= end) && lines[i].TrimStart().StartsWith('|'))
                problems.Add(At(i, "is a row outside of the table; take out the lines between"));
        }

        return problems.Count == 0
            ? new SizeHistory(lines, Math.Min(end, lines.Count), rows)
            : throw new SizeFormatException(string.Join('\n', problems));
    }

    private static HistoryRow? Row(string line, int at, List<string> problems)
    {
        if (PlainText.Cells(line) is not { } cells || cells.Count != Columns.Length)
        {
            problems.Add(At(at, $"must be a row of {Columns.Length} cells between bars: {string.Join(", ", Columns)}"));
            return null;
        }

        var before = problems.Count;
        if (!DateOnly.TryParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            Wrong("must be a day such as 2026-01-31", 0);
        for (var i = 1; i <= 2; i++)
        {
            if (!Name().IsMatch(cells[i]))
                Wrong("must be a name of a-z, 0-9, '.', '_' and '-'", i);
        }

        if (!Revision().IsMatch(cells[3]))
            Wrong("must be a full commit, with -dirty where files differed, or unknown", 3);
        var (full, minimal, zst) = (Bytes(5), Bytes(6), cells[7] == "-" ? null : Bytes(7));
        if (problems.Count > before)
            return null;
        var row = new HistoryRow(date, cells[1], cells[2], cells[3], cells[4], full!.Value, minimal!.Value, zst);
        if (cells[8] != Saved(row))
            Wrong($"does not fit full and minimal, which give {Saved(row)}", 8);
        return problems.Count > before ? null : row;

        long? Bytes(int index)
        {
            if (Number().IsMatch(cells[index]))
                return long.Parse(cells[index], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
            Wrong(index == 7 ? "must be a number of bytes, or - when there was no archive" : "must be a number of bytes", index);
            return null;
        }

        void Wrong(string what, int index) => problems.Add(At(at, $"{Columns[index]} '{PlainText.Visible(cells[index])}' {what}"));
    }

    private static string Line(HistoryRow row) =>
        "| "
        + string.Join(
            " | ",
            row.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            PlainText.Cell(row.Recipe),
            PlainText.Cell(row.Variant),
            row.Revision,
            PlainText.Cell(row.Versions),
            Figure(row.Full),
            Figure(row.Minimal),
            row.Zst is { } zst ? Figure(zst) : "-",
            Saved(row)
        )
        + " |";

    private static string Saved(HistoryRow row) => Percent.Text(Percent.Saved(row.Full, row.Minimal));

    private static string Figure(long bytes) => bytes.ToString("#,0", CultureInfo.InvariantCulture);

    private static string At(int index, string what) => $"{FileName}:{index + 1}: {what}";

    [GeneratedRegex(@"^(<{7}|={7}|>{7}|\|{7})( |$)")]
    private static partial Regex Conflict();

    [GeneratedRegex(@"\A:?-+:?\z")]
    private static partial Regex Rule();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,62}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(?:[0-9a-f]{40}(?:[0-9a-f]{24})?(?:-dirty)?|unknown)\z")]
    private static partial Regex Revision();

    [GeneratedRegex(@"\A(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})\z")]
    private static partial Regex Number();
}
