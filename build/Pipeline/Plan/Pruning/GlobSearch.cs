using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Finds what a pattern names in an image. Its literal part may lead through links, its wildcards follow none.</summary>
internal static class GlobSearch
{
    /// <summary>The pattern over real paths and the entries that match it, in ordinal order.</summary>
    public static (PathGlob Glob, IReadOnlyList<ImageEntry> Entries) Find(ImageFileSystem image, PathGlob glob)
    {
        if (!glob.HasWildcards)
            return (glob, image.Resolve(glob.Text, followLast: false).Target is { } entry ? [entry] : []);

        if (image.Resolve(glob.LiteralPrefix).Target is not { Kind: EntryKind.Directory } directory)
            return (glob, []);

        var real = glob.WithPrefix(directory.Path);
        return (real, [.. Below(image, directory).Where(e => real.IsMatch(e.Path)).OrderBy(e => e.Path, StringComparer.Ordinal)]);
    }

    private static IEnumerable<ImageEntry> Below(ImageFileSystem image, ImageEntry directory)
    {
        var open = new Stack<ImageEntry>([directory]);
        while (open.TryPop(out var entry))
        {
            yield return entry;
            foreach (var child in image.Children(entry.Path))
                open.Push(child);
        }
    }
}
