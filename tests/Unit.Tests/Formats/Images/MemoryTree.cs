using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Unit.Tests.Formats.Images;

/// <summary>Files of one folder, for tests that make thousands of them.</summary>
internal sealed class MemoryTree(IReadOnlyDictionary<string, byte[]> files) : IFileTree
{
    public PathResolution Resolve(string path, bool followLast = true) => PathWalk.Walk(Find, path, followLast);

    public IReadOnlyList<ImageEntry> Children(string directory) =>
        directory == "/" ? [.. files.Keys.Order(StringComparer.Ordinal).Select(f => Find(f)!)] : [];

    public Stream OpenFile(ImageEntry entry) => new MemoryStream(files[entry.Path], writable: false);

    private ImageEntry? Find(string path) =>
        path == "/" ? new ImageEntry { Path = path, Kind = EntryKind.Directory }
        : files.TryGetValue(path, out var content)
            ? new ImageEntry
            {
                Path = path,
                Kind = EntryKind.File,
                Size = content.Length,
            }
        : null;
}
