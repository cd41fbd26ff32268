using Gfxbake.Core.Pruning;

namespace Gfxbake.Core.Images;

/// <summary>Compares an image that an engine built with the plan that it was built from.</summary>
public static class ImageComparison
{
    /// <summary>Every way in which the built image falls short of the full one where the plan keeps a path: missing, another kind, size, mode, owner, link or attribute.</summary>
    public static IReadOnlyList<string> Differences(PrunePlan plan, ImageFileSystem full, ImageFileSystem built)
        => [.. plan.Entries.Where(e => e.IsKept).Select(e => Difference(full.Find(e.Path), built.Find(e.Path), e.Path)).OfType<string>()];

    private static string? Difference(ImageEntry? wanted, ImageEntry? found, string path)
    {
        if (wanted is null) return $"{path}: not in the full image";
        if (found is null) return $"{path}: missing";
        if (IsFile(wanted) != IsFile(found) || (!IsFile(wanted) && wanted.Kind != found.Kind)) return $"{path}: {found.Kind}, not {wanted.Kind}";
        if (IsFile(wanted) && wanted.Size != found.Size) return $"{path}: {found.Size} bytes, not {wanted.Size}";
        if (wanted.Kind == EntryKind.SymbolicLink) return wanted.LinkTarget == found.LinkTarget ? null : $"{path}: leads to {found.LinkTarget}, not {wanted.LinkTarget}";
        // Engines mount these over, and make them with a mode of their own.
        if (path is "/" or "/dev" or "/proc" or "/sys" or "/run") return null;
        if (wanted.Mode != found.Mode) return $"{path}: mode {Octal(found.Mode)}, not {Octal(wanted.Mode)}";
        if (wanted.Uid != found.Uid || wanted.Gid != found.Gid) return $"{path}: owner {found.Uid}:{found.Gid}, not {wanted.Uid}:{wanted.Gid}";
        var lost = wanted.Xattrs.Where(x => !found.Xattrs.TryGetValue(x.Key, out var value) || !value.AsSpan().SequenceEqual(x.Value)).Select(x => x.Key).ToList();
        return lost.Count == 0 ? null : $"{path}: attribute {string.Join(", ", lost)} is lost";
    }

    private static bool IsFile(ImageEntry entry) => entry.Kind is EntryKind.File or EntryKind.HardLink;

    private static string Octal(int mode) => Convert.ToString(mode, 8);
}
