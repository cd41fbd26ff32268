using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Pins;

/// <summary>A pin of a recipe's variant, with what is pinned now.</summary>
public sealed record WatchedPin
{
    /// <summary>The file, relative to the repository.</summary>
    public required string File { get; init; }

    /// <summary>The variant's name; of what several variants use, its own.</summary>
    public required string Variant { get; init; }

    public required UpstreamWatch Watch { get; init; }

    /// <summary>Names from the top of the file to the block that Watch.Pin is a key of, or to what is pinned.</summary>
    public required IReadOnlyList<string> Block { get; init; }

    /// <summary>Whether the block is what is pinned, a source or an archive.</summary>
    public bool Inside { get; init; }

    /// <summary>The pinned tag, file name or version.</summary>
    public required string Name { get; init; }

    /// <summary>The commit of a tag, the SHA-256 of an archive.</summary>
    public string? Digest { get; init; }

    /// <summary>Address of the repository whose releases are asked.</summary>
    public string? Repository { get; init; }

    /// <summary>The pinned version; null when the pattern does not take what is pinned, as after a change of the watched series.</summary>
    public string? Version => Watch.Pin is UpstreamWatch.Source or UpstreamWatch.Archive ? UpstreamNames.Read(Watch, Name)?.Version : Name;

    /// <summary>What is asked for a new version, for messages.</summary>
    public string Address => Watch.Index ?? Repository ?? "";

    /// <summary>Whether what was found is to be pinned instead.</summary>
    public bool IsOlderThan(UpstreamName found) => Version is not { } version || VersionOrder.Instance.Compare(version, found.Version) < 0;

    /// <summary>The values that pinning the found version changes.</summary>
    /// <param name="found">What to pin.</param>
    /// <param name="digest">The tag's commit or the archive's SHA-256.</param>
    public IReadOnlyList<PinEdit> Edits(UpstreamName found, string? digest) =>
        Watch.Pin switch
        {
            UpstreamWatch.Source => [new(Key(0), found.Name), new(Key(1), digest!)],
            UpstreamWatch.Archive => [new(Key(0), new Uri(new Uri(Watch.Index!), found.Name).AbsoluteUri), new(Key(1), digest!)],
            _ => [new(Key(0), found.Version)],
        };

    /// <summary>All watched pins of a file.</summary>
    /// <param name="file">A recipe, or a file that recipes include.</param>
    /// <param name="block">Names from the top to the block with the watches: variants, NAME.</param>
    /// <param name="watches">What the block's "upstream" says.</param>
    /// <param name="inside">Whether the block is what is pinned.</param>
    /// <exception cref="RecipeException">A watch is wrong, or watches what is not there.</exception>
    public static IReadOnlyList<WatchedPin> Of(
        PinFile file,
        IReadOnlyList<string> block,
        IReadOnlyList<UpstreamWatch> watches,
        bool inside = false
    )
    {
        var problems = watches
            .SelectMany(w => w.Problems().Select(p => $"{file.Name}: upstream of '{w.Pin}': {p.Message}"))
            .Concat(
                watches
                    .Where(w => w.Update)
                    .GroupBy(w => w.Pin, StringComparer.Ordinal)
                    .Where(g => g.Count() > 1)
                    .Select(g => $"{file.Name}: two watches would update '{g.Key}'; give all but one update: false")
            )
            .Concat(
                watches
                    .Where(w => Parts(w, inside).Any(p => file.Read([.. block, .. p]) is null))
                    .Select(w => $"{file.Name}: upstream watches '{w.Pin}', which is not pinned beside it")
            )
            .ToList();
        if (problems.Count > 0)
            throw new RecipeException(problems);
        return [.. watches.Select(w => Of(file, block, w, inside))];
    }

    private static WatchedPin Of(PinFile file, IReadOnlyList<string> block, UpstreamWatch watch, bool inside)
    {
        var values = Parts(watch, inside).Select(p => file.Read([.. block, .. p])!).ToList();
        return new WatchedPin
        {
            File = file.Name,
            Variant = block[1],
            Watch = watch,
            Block = block,
            Inside = inside,
            Name = watch.Pin is UpstreamWatch.Archive ? values[0][(values[0].LastIndexOf('/') + 1)..] : values[0],
            Digest = values.ElementAtOrDefault(1),
            Repository = values.ElementAtOrDefault(2),
        };
    }

    /// <summary>The keys, below the block, of everything that is pinned together.</summary>
    private static string[][] Parts(UpstreamWatch watch, bool inside)
    {
        string[] keys = watch.Pin switch
        {
            UpstreamWatch.Source => ["tag", "commit", "repository"],
            UpstreamWatch.Archive => ["url", "sha256"],
            _ => [],
        };
        return keys.Length == 0 ? [watch.Pin.Split('.')]
            : inside ? [.. keys.Select(k => new[] { k })]
            : [.. keys.Select(k => new[] { watch.Pin, k })];
    }

    private IReadOnlyList<string> Key(int part) => [.. Block, .. Parts(Watch, Inside)[part]];
}
