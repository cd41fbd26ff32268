using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Images;

/// <summary>Collects the entries of a tar as unpacking would: what comes later replaces what was there.</summary>
internal sealed class ImageTree
{
    private const int MaxEntries = 10_000_000;

    // An export names every directory; this only bounds what a crafted name of 2000 components can make us store.
    private const int MaxMissingParents = 10_000;

    private readonly Dictionary<string, Node> nodes = new(StringComparer.Ordinal);
    private int count;
    private int missingParents;

    /// <summary>Adds an entry; returns what is wrong with it, or null.</summary>
    public string? Add(ImageEntry entry)
    {
        if (++count > MaxEntries)
            return $"more than {MaxEntries} entries";

        if (entry.Kind == EntryKind.HardLink)
        {
            if (
                !nodes.TryGetValue(entry.LinkTarget!, out var target)
                || target.Entry.Kind == EntryKind.Directory
                || entry.Path == entry.LinkTarget
            )
            {
                return $"the hard link '{entry.Path}' names '{entry.LinkTarget}', which is no file before it";
            }

            // The same inode under another name: it shares everything, also when it is a symbolic link or a device.
            entry = target.Entry with
            {
                Path = entry.Path,
            };
        }

        return entry.Path == "/" ? SetRoot(entry) : Put(entry);
    }

    /// <summary>All entries by path in ordinal order, directories that the tar leaves out among them.</summary>
    public ImageEntry[] Build()
    {
        nodes.TryAdd("/", new Node(MissingDirectory("/"), 0));
        var ordered = nodes.Values.OrderBy(node => node.Order);
        var holders = new Dictionary<long, string>();
        var entries = new ImageEntry[nodes.Count];
        var next = 0;
        foreach (var node in ordered)
        {
            var entry = node.Entry;
            if (entry.Kind == EntryKind.File && !holders.TryAdd(entry.DataOffset, entry.Path))
                entry = entry with { Kind = EntryKind.HardLink, LinkTarget = holders[entry.DataOffset] };

            entries[next++] = entry;
        }

        Array.Sort(entries, (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return entries;
    }

    private string? SetRoot(ImageEntry entry)
    {
        if (entry.Kind != EntryKind.Directory)
            return $"the root is a {entry.Kind}, not a directory";

        nodes["/"] = new Node(entry, count);
        return null;
    }

    private string? Put(ImageEntry entry)
    {
        if (nodes.TryGetValue(entry.Path, out var old))
        {
            if (entry.Kind != EntryKind.Directory)
                RemoveChildren(old);

            (old.Entry, old.Order) = (entry, count);
            return null;
        }

        var node = new Node(entry, count);
        nodes.Add(entry.Path, node);
        return Attach(node);
    }

    private string? Attach(Node node)
    {
        var path = node.Entry.Path;
        for (var parent = ImagePath.Parent(path); parent != "/"; parent = ImagePath.Parent(parent))
        {
            if (nodes.TryGetValue(parent, out var directory))
            {
                directory.Children.Add(node);
                return directory.Entry.Kind == EntryKind.Directory
                    ? null
                    : $"'{path}' lies below '{parent}', which is a {directory.Entry.Kind}";
            }

            if (++missingParents > MaxMissingParents)
                return $"more than {MaxMissingParents} directories are missing";

            directory = new Node(MissingDirectory(parent), count);
            directory.Children.Add(node);
            nodes.Add(parent, directory);
            node = directory;
        }

        return null;
    }

    private void RemoveChildren(Node directory)
    {
        var open = new Stack<Node>(directory.Children);
        directory.Children.Clear();
        while (open.TryPop(out var node))
        {
            nodes.Remove(node.Entry.Path);
            foreach (var child in node.Children)
                open.Push(child);
        }
    }

    private static ImageEntry MissingDirectory(string path) =>
        new()
        {
            Path = path,
            Kind = EntryKind.Directory,
            Mode = 0x1ed,
        };

    private sealed class Node(ImageEntry entry, int order)
    {
        public ImageEntry Entry { get; set; } = entry;

        public int Order { get; set; } = order;

        public List<Node> Children { get; } = [];
    }
}
