namespace Gfxbake.Pipeline.Steps;

/// <summary>What the command line asks of a build's steps, checked. A step takes what matters to it into its input.</summary>
public sealed record Asked
{
    /// <summary>Whether the archive is asked for newer packages although nothing changed (--refresh).</summary>
    public bool Refresh { get; init; }

    /// <summary>Whether the versions of all packages are written beside the recipe (--update-lock).</summary>
    public bool UpdateLock { get; init; }

    /// <summary>How hard exports are compressed, one of the names of ExportStep.Levels (--zstd).</summary>
    public string Zstd { get; init; } = "default";

    /// <summary>Compilers at a time; empty: one for each processor (--jobs).</summary>
    public string Jobs { get; init; } = "";

    /// <summary>Local checkouts instead of what the recipe pins, absolute, by the source's name (--source).</summary>
    public IReadOnlyDictionary<string, string> SourceFolders { get; init; } = new Dictionary<string, string>();

    /// <summary>The words that follow cmake -S /src -B /build, which runs in the compile stage (--with adds some).</summary>
    public IReadOnlyList<string> CMake { get; init; } = [];
}
