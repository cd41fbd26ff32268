using System.Globalization;
using System.Text;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>recipes/RECIPE/sizes-VARIANT.txt: the largest files at the last recorded row, so that a growth has names.</summary>
public sealed record RecordedEntries(string Revision, IReadOnlyDictionary<string, long> Bytes, long Rest)
{
    private const string RestName = "*";
    private const string RevisionStart = "# revision ";
    private const int MostLines = 2000;

    /// <summary>The file for a report: by path, so that a diff shows what grew and what came.</summary>
    public static string Text(SizeReport report)
    {
        var text = new StringBuilder();
        text.Append("# Bytes of the minimal image's largest files when it was last recorded in ")
            .Append(SizeHistory.FileName)
            .Append("; * is all others together.\n");
        text.Append(RevisionStart).Append(report.Revision).Append('\n');
        foreach (var entry in report.Largest.OrderBy(e => e.Path, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{entry.Bytes}\t{Name(entry.Path)}\n");
        return text.Append(CultureInfo.InvariantCulture, $"{report.Rest.Bytes}\t{RestName}\n").ToString();
    }

    /// <summary>Reads the file; its name is for messages.</summary>
    /// <exception cref="SizeFormatException">A line is not what Text writes.</exception>
    public static RecordedEntries Parse(string text, string file)
    {
        var bytes = new Dictionary<string, long>(StringComparer.Ordinal);
        var revision = "";
        var lines = text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.None);
        if (lines.Length > MostLines)
            throw Wrong(MostLines, "is one line too many");
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith(RevisionStart, StringComparison.Ordinal))
                revision = line[RevisionStart.Length..];
            if (line.Length == 0 || line[0] == '#')
                continue;
            var tab = line.IndexOf('\t');
            if (
                tab < 0
                || !long.TryParse(line[..tab], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                || !(line[(tab + 1)..].StartsWith('/') || line[(tab + 1)..] == RestName)
            )
            {
                throw Wrong(i, "must be bytes, a tab and a path");
            }

            if (!bytes.TryAdd(line[(tab + 1)..], size))
                throw Wrong(i, "names a path a second time");
        }

        var rest = bytes.GetValueOrDefault(RestName);
        bytes.Remove(RestName);
        return new RecordedEntries(revision, bytes, rest);

        SizeFormatException Wrong(int at, string what) =>
            new($"{file}:{at + 1}: {what}; restore the file from git, or delete it and record anew");
    }

    /// <summary>The entries that grew most, most first. What was not among the largest counts as new.</summary>
    public IReadOnlyList<Growth> Grown(SizeReport report, int most) =>
        [
            .. report
                .Largest.Select(e => new Growth(e.Path, Bytes.TryGetValue(Name(e.Path), out var before) ? before : null, e.Bytes))
                .Append(new Growth(RestName, Rest, report.Rest.Bytes))
                .Where(g => g.Bytes > 0)
                .OrderByDescending(g => g.Bytes)
                .ThenBy(g => g.Path, StringComparer.Ordinal)
                .Take(most),
        ];

    // Backslash first, or a name could spell another's escape.
    private static string Name(string path) => PlainText.Visible(path.Replace("\\", "\\\\", StringComparison.Ordinal));
}

/// <param name="Path">The file; * stands for all that are not among the largest.</param>
/// <param name="Before">Bytes at the recorded row, null when it was not among the largest.</param>
/// <param name="After">Bytes now.</param>
public sealed record Growth(string Path, long? Before, long After)
{
    public long Bytes => After - (Before ?? 0);
}
