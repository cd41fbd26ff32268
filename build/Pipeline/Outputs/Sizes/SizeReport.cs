namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>sizes.json: what one build of a recipe's variant weighs, however it is counted.</summary>
public sealed record SizeReport
{
    public const int CurrentFormat = 1;

    /// <summary>How many of the largest files are kept: enough to explain a growth, few enough to be read in a diff.</summary>
    public const int MostEntries = 200;

    public int Format { get; init; } = CurrentFormat;

    public required string Recipe { get; init; }

    public required string Variant { get; init; }

    /// <summary>The full commit of this repository, with "-dirty" when files differ from it; "unknown" outside of git.</summary>
    public required string Revision { get; init; }

    /// <summary>Versions by package: of the one that names the image's version, and of those that the recipe lists.</summary>
    public required SortedDictionary<string, string> Versions { get; init; }

    public required string FullImageId { get; init; }

    public required string MinimalImageId { get; init; }

    /// <summary>Whether VerifyMinimal passed on this minimal image.</summary>
    public required bool Verified { get; init; }

    /// <summary>Sum of all file sizes of the full image.</summary>
    public required long FullBytes { get; init; }

    public required long MinimalBytes { get; init; }

    /// <summary>The minimal image's .tar.zst, where it was made.</summary>
    public long? ZstBytes => Rows.FirstOrDefault(r => r is { Subject: SizeSubject.Minimal, Kind: SizeKind.ExportZst })?.Bytes;

    public double SavedPercent => Percent.Saved(FullBytes, MinimalBytes);

    public required IReadOnlyList<SizeRow> Rows { get; init; }

    public required IReadOnlyList<SizeLayer> Layers { get; init; }

    /// <summary>The largest files of the minimal image, largest first.</summary>
    public required IReadOnlyList<SizeEntry> Largest { get; init; }

    /// <summary>The files besides those, together.</summary>
    public required SizeRest Rest { get; init; }

    public string VersionText => string.Join(", ", Versions.Select(v => $"{v.Key} {v.Value}"));
}

public enum SizeSubject
{
    Full,
    Minimal,
}

public enum SizeKind
{
    /// <summary>The sum of all file sizes, each hard-linked content once: counts the same on every engine.</summary>
    Files,

    /// <summary>The file system as one tar.</summary>
    Tar,

    /// <summary>What the engine says.</summary>
    Engine,

    /// <summary>The image as a .tar below artifacts/images.</summary>
    ExportTar,

    /// <summary>The image as a .tar.zst.</summary>
    ExportZst,
}

/// <param name="Subject">Which of the two images.</param>
/// <param name="Kind">How it was counted.</param>
/// <param name="Name">Image or file.</param>
/// <param name="Bytes">Null where it is missing.</param>
/// <param name="Files">Number of files, where that was counted.</param>
/// <param name="Target">The target that makes it.</param>
/// <param name="Sha256">What the .sha256 beside an export says.</param>
public sealed record SizeRow(
    SizeSubject Subject,
    SizeKind Kind,
    string Name,
    long? Bytes,
    int? Files,
    string Target,
    string? Sha256 = null
);

public sealed record SizeLayer(string Name, long Bytes, int Entries);

public sealed record SizeEntry(string Path, long Bytes);

public sealed record SizeRest(int Files, long Bytes);

/// <summary>What was saved, in hundredths.</summary>
public static class Percent
{
    public static double Saved(long full, long minimal) =>
        full <= 0 ? 0 : Math.Round(100 * (1 - ((double)minimal / full)), 1, MidpointRounding.AwayFromZero);

    public static string Text(double percent) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{percent:0.0} %");
}
