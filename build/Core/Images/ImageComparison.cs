using System.Security.Cryptography;
using Gfxbake.Core.Pruning;
using Gfxbake.Core.Records;
using Gfxbake.Core.Traces;

namespace Gfxbake.Core.Images;

/// <summary>Compares an image that an engine built with the plan that it was built from.</summary>
/// <param name="full">The image that was pruned.</param>
/// <param name="slimmed">The files that were rewritten; all others must have the size that they had.</param>
public sealed class ImageComparison(ImageFileSystem full, IEnumerable<SlimmedFile> slimmed)
{
    // By content, so that all names of a file are known.
    private readonly Dictionary<long, SlimmedFile> rewritten = slimmed.Where(s => full.Find(s.Path) is not null).ToDictionary(s => full.Find(s.Path)!.DataOffset);

    /// <summary>Every way in which the built image falls short of the full one where the plan keeps a path: missing, another kind, size, mode, owner, link or attribute; of a rewritten file also other content.</summary>
    public IReadOnlyList<string> Differences(PrunePlan plan, ImageFileSystem built)
        => [.. plan.Entries.Where(e => e.IsKept).Select(e => Difference(full.Find(e.Path), built.Find(e.Path), e.Path) ?? Content(built, e.Path)).OfType<string>()];

    /// <summary>Every path that a workload found in the full image and that leads nowhere, or to another kind of thing, in the pruned one; but for links that were only listed.</summary>
    public IReadOnlyList<string> Lost(IEnumerable<TracedPath> traced, IReadOnlyList<string> mounts, PrunePlan plan, ImageFileSystem pruned)
    {
        var listed = plan.Entries.Where(e => e.Causes[0].Reason == Reason.OnlyListed).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var lost = new List<string>();
        foreach (var path in traced.Where(t => t.Outcome == AccessOutcome.Found))
        {
            if (full.Resolve(path.Path).Target is not { } wanted || mounts.Any(m => IsBelow(wanted.Path, m))) continue;
            if (full.Resolve(path.Path, followLast: false).Target is { } itself && listed.Contains(itself.Path)) continue;
            var found = pruned.Resolve(path.Path).Target;
            if (found?.Path == wanted.Path && IsFile(found) == IsFile(wanted) && (!IsFile(wanted) || found.Size == SizeOf(wanted))) continue;
            lost.Add($"{path.Path}: found in the full image by {string.Join(", ", path.Workloads)}, {(found is null ? "missing" : "another")} in the pruned one");
        }

        return lost;
    }

    private static bool IsBelow(string path, string directory) => path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal);

    private long SizeOf(ImageEntry file) => rewritten.TryGetValue(file.DataOffset, out var slim) ? slim.After : file.Size;

    private string? Content(ImageFileSystem built, string path)
    {
        var wanted = full.Find(path)!;
        if (!IsFile(wanted) || !rewritten.TryGetValue(wanted.DataOffset, out var slim)) return null;
        using var stream = built.OpenFile(built.Find(path)!);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == slim.Sha256 ? null : $"{path}: other content than was written";
    }

    private string? Difference(ImageEntry? wanted, ImageEntry? found, string path)
    {
        if (wanted is null) return $"{path}: not in the full image";
        if (found is null) return $"{path}: missing";
        if (IsFile(wanted) != IsFile(found) || (!IsFile(wanted) && wanted.Kind != found.Kind)) return $"{path}: {found.Kind}, not {wanted.Kind}";
        if (IsFile(wanted) && SizeOf(wanted) != found.Size) return $"{path}: {found.Size} bytes, not {SizeOf(wanted)}";
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
