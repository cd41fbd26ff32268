using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>One recorded build.</summary>
/// <param name="Date">The UTC day.</param>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Variant">Name of its variant.</param>
/// <param name="Revision">As in SizeReport.</param>
/// <param name="Versions">As in SizeReport.VersionText.</param>
/// <param name="Full">Sum of the full image's files in bytes.</param>
/// <param name="Minimal">Sum of the minimal image's.</param>
/// <param name="Zst">The minimal image's .tar.zst, or null when it was not made.</param>
public sealed record HistoryRow(
    DateOnly Date,
    string Recipe,
    string Variant,
    string Revision,
    string Versions,
    long Full,
    long Minimal,
    long? Zst
)
{
    public static HistoryRow Of(SizeReport report, DateOnly date) =>
        new(
            date,
            report.Recipe,
            report.Variant,
            report.Revision,
            PlainText.Visible(report.VersionText).Trim(),
            report.FullBytes,
            report.MinimalBytes,
            report.ZstBytes
        );

    /// <summary>Revision as people quote it.</summary>
    public string ShortRevision => Shorten(Revision);

    internal static string Shorten(string revision)
    {
        const int digits = 12;
        var (commit, dirty) = revision.EndsWith("-dirty", StringComparison.Ordinal)
            ? (revision[..^"-dirty".Length], "-dirty")
            : (revision, "");
        return (commit.Length > digits ? commit[..digits] : commit) + dirty;
    }
}

/// <summary>The history can't be read; every problem with its line.</summary>
public sealed class SizeFormatException(string message) : Exception(message);
