using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>A file that a package has besides those of the image.</summary>
/// <param name="Path">Where it is installed.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Replaced">Name that the image's own file at this place gets instead; null: the image has none there.</param>
public sealed record TreeFile(string Path, int Mode, byte[] Content, string? Replaced = null)
{
    /// <summary>Adds files to what the image gives: a file of the image that is replaced stays beside the new one.</summary>
    /// <param name="contents">Entries of the image, at their installed paths.</param>
    /// <param name="files">The files.</param>
    /// <param name="problems">Takes what is wrong.</param>
    internal static IEnumerable<RuntimeEntry> Add(IEnumerable<RuntimeEntry> contents, IReadOnlyList<TreeFile> files, List<string> problems)
    {
        var all = contents.ToList();
        foreach (var file in files.Where(f => f.Replaced is not null))
        {
            var at = all.FindIndex(e => e.ImagePath is not null && e.Entry.Path == file.Path);
            if (at < 0)
                problems.Add($"packages.trees: the image has nothing at {file.Path} that could be called {file.Replaced} instead");
            else
                all[at] = all[at] with { Entry = all[at].Entry with { Path = $"{ImagePath.Parent(file.Path)}/{file.Replaced}" } };
        }

        return all.Concat(files.Select((f, i) => f.Entry(i)));
    }

    // Content of the image has its place there, so a number below zero is nobody else's.
    private RuntimeEntry Entry(int index) =>
        new(
            null,
            new ImageEntry
            {
                Path = Path,
                Kind = EntryKind.File,
                Mode = Mode,
                Size = Content.Length,
                DataOffset = -1 - index,
            },
            Content: Content
        );
}
