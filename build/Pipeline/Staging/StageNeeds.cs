using Gfxbake.Formats.Elf;

namespace Gfxbake.Pipeline.Staging;

/// <summary>Libraries that the files of a stage need.</summary>
/// <param name="Folders">Where those lie that the stage has.</param>
/// <param name="OfHost">Names of those that it does not have.</param>
public sealed record StageNeeds(IReadOnlyList<string> Folders, IReadOnlyList<string> OfHost)
{
    /// <param name="root">The stage.</param>
    /// <param name="paths">All that lies in it, from its top.</param>
    /// <exception cref="StageException">A library can't be read.</exception>
    public static StageNeeds Of(string root, IReadOnlyList<string> paths)
    {
        var needed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in paths.Where(p => p.Contains(".so", StringComparison.Ordinal) || p.Contains("/bin/", StringComparison.Ordinal)))
        {
            if (new FileInfo(root + path) is not { Exists: true, LinkTarget: null } file)
                continue;
            using var stream = file.OpenRead();
            try
            {
                needed.UnionWith(ElfFile.TryRead(stream)?.Needed ?? []);
            }
            catch (ElfFormatException error)
            {
                throw new StageException($"{path[1..]}: {error.Message}");
            }
        }

        var places = paths.ToLookup(p => p[(p.LastIndexOf('/') + 1)..], p => p[1..Math.Max(1, p.LastIndexOf('/'))], StringComparer.Ordinal);
        return new(
            [.. needed.Where(places.Contains).Select(n => places[n].MinBy(p => p.Length)!).Distinct(StringComparer.Ordinal)],
            [.. needed.Where(n => !places.Contains(n))]
        );
    }
}
