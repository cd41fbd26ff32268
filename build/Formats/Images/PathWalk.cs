using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Images;

/// <summary>Walks a path component by component, as the kernel does in path_resolution(7), the image's root as root.</summary>
public static class PathWalk
{
    // MAXSYMLINKS of the kernel.
    private const int MaxLinks = 40;

    public static PathResolution Walk(Func<string, ImageEntry?> find, string path, bool followLast)
    {
        var links = new List<ImageEntry>();
        var open = new Stack<string>();
        Push(open, path);
        var root = find("/")!;
        var current = path.Length == 0 ? null : root;
        while (current is not null && open.TryPop(out var name))
        {
            if (current.Kind != EntryKind.Directory)
                return new PathResolution(links, null);

            var next = name switch
            {
                "." => current,
                ".." => find(ImagePath.Parent(current.Path)),
                _ => find(ImagePath.Join(current.Path, name)),
            };
            if (next?.Kind != EntryKind.SymbolicLink || (open.Count == 0 && !followLast))
            {
                current = next;
                continue;
            }

            if (links.Count == MaxLinks)
                return new PathResolution(links, null);

            links.Add(next);
            Push(open, next.LinkTarget!);
            current = next.LinkTarget!.StartsWith('/') ? root : current;
        }

        return new PathResolution(links, current);
    }

    private static void Push(Stack<string> open, string path)
    {
        var parts = path.Split('/');
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i].Length > 0)
            {
                open.Push(parts[i]);
            }
            else if (i == parts.Length - 1)
            {
                // A slash at the end: what is before it must be a directory, links followed.
                open.Push(".");
            }
        }
    }
}
