using Gfxbake.Formats.Images;
using Gfxbake.Formats.Strace;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Pipeline.Proof;

/// <summary>Holds a built image against the plan path by path: nothing missing, nothing else, nothing changed.</summary>
public sealed class ImageProof
{
    private const int DigestShown = 12;

    // SELinux hosts label every file when it is written; the label is the host's and not the image's.
    private const string HostAttribute = "security.selinux";

    // Engines mount these over, and make them with a mode of their own.
    private static readonly string[] MountPoints = ["/", "/dev", "/proc", "/sys", "/run"];
    private static readonly int[] MountPointModes = [0x1ed, 0x16d]; // 0755, 0555

    private readonly FileTable full;
    private readonly PrunePlan plan;
    private readonly Dictionary<long, SlimmedFile> slimmed;

    /// <param name="full">The image that was pruned.</param>
    /// <param name="plan">What was to stay of it.</param>
    /// <param name="slimmed">The files that were rewritten; all others must have the content that they had.</param>
    public ImageProof(FileTable full, PrunePlan plan, IEnumerable<SlimmedFile> slimmed)
    {
        (this.full, this.plan) = (full, plan);
        // By content, so that all names of a file are known.
        this.slimmed = slimmed.Where(s => full.Find(s.Path) is not null).ToDictionary(s => full.Find(s.Path)!.Entry.DataOffset);
        // What a stand-in must be, the plan says.
        foreach (var (path, size, standIn) in plan.Entries.Where(e => e.StandIn is not null).Select(e => (e.Path, e.Size, e.StandIn!)))
        {
            if (full.Find(path) is { } library)
                this.slimmed[library.Entry.DataOffset] = new SlimmedFile(path, size, standIn.Size, standIn.Sha256);
        }
    }

    /// <summary>Every way in which the built image differs from what was planned: a sentence each, which names the path.</summary>
    public IReadOnlyList<string> Differences(FileTable built)
    {
        var kept = plan.Entries.Where(e => e.IsKept).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var differences = kept.Select(p => (Path: p, Text: Difference(p, built.Find(p)))).Where(d => d.Text is not null).ToList();
        // A table always has a root, and a plan may keep nothing.
        var extra = built.Entries.Select(e => e.Entry).Where(e => e.Path != "/" && !kept.Contains(e.Path) && !EngineFiles.MayAdd(e));
        differences.AddRange(extra.Select(e => (e.Path, (string?)$"{Words(e)} that the plan does not keep")));
        return [.. differences.OrderBy(d => d.Path, StringComparer.Ordinal).Select(d => $"{PlainText.Visible(d.Path)}: {d.Text}")];
    }

    /// <summary>
    /// Every path that a workload found in the full image and that leads nowhere, or to another kind of thing, in the pruned one.
    /// </summary>
    /// <remarks>Links that were only listed are left out, and what the loader opened for a library that has a stand-in now.</remarks>
    public IReadOnlyList<string> Lost(IEnumerable<TracedPath> traced, IReadOnlyList<string> mounts, FileTable pruned)
    {
        var expected = plan
            .Entries.Where(e => e.Causes[0].Reason is Reason.OnlyListed or Reason.StandIn)
            .Select(e => e.Path)
            .ToHashSet(StringComparer.Ordinal);
        var lost = new List<string>();
        foreach (var path in traced.Where(t => t.Outcome == AccessOutcome.Found))
        {
            if (full.Resolve(path.Path).Target is not { } wanted || mounts.Any(m => IsBelow(wanted.Path, m)))
                continue;
            if (full.Resolve(path.Path, followLast: false).Target is { } itself && expected.Contains(itself.Path))
                continue;
            var found = pruned.Resolve(path.Path).Target;
            if (
                found?.Path == wanted.Path
                && SameKind(found, wanted)
                && (!FileTable.HasContent(wanted) || found.Size == Wanted(wanted.Path).Size)
            )
            {
                continue;
            }

            var how = found is null ? "missing" : "another";
            lost.Add(
                $"{PlainText.Visible(path.Path)}: found in the full image by {string.Join(", ", path.Workloads)}, {how} in the pruned one"
            );
        }

        return lost;
    }

    /// <summary>Every table of the built image's kernel files that names a file which the full image had.</summary>
    public IReadOnlyList<string> BrokenTables(ImageFileSystem built)
    {
        var notAsked = plan
            .Entries.Where(e => e.Causes[0].Reason == Reason.OtherType)
            .Select(e => e.Path)
            .ToHashSet(StringComparer.Ordinal);
        return KernelTables.Problems(
            built,
            built.Entries.Select(e => e.Path),
            // Nobody opens the tables' entries of types that no program asks for.
            p => built.Resolve(p).Target is not null || (full.Resolve(p).Target is { } file && notAsked.Contains(file.Path)),
            p => full.Resolve(p).Target is not null
        );
    }

    private string? Difference(string path, HashedEntry? built)
    {
        if (full.Find(path)?.Entry is not { } wanted)
            return "kept by the plan, and not in the full image";
        if (built?.Entry is not { } found)
            return "missing";
        if (!SameKind(wanted, found))
            return $"{Words(found)}, not {Words(wanted)}";
        if (wanted.LinkTarget != found.LinkTarget && wanted.Kind == EntryKind.SymbolicLink)
            return $"leads to {PlainText.Visible(found.LinkTarget!)}, not to {PlainText.Visible(wanted.LinkTarget!)}";
        return ContentDifference(path, built) ?? RightsDifference(wanted, found) ?? AttributeDifference(wanted, found);
    }

    private string? ContentDifference(string path, HashedEntry built)
    {
        if (built.Sha256 is null)
            return null;
        var (size, sha256) = Wanted(path);
        if (built.Entry.Size != size)
            return $"{built.Entry.Size:N0} bytes, not {size:N0}";
        return built.Sha256 == sha256 ? null : $"other content: SHA-256 {built.Sha256[..DigestShown]}…, not {sha256[..DigestShown]}…";
    }

    private static string? RightsDifference(ImageEntry wanted, ImageEntry found)
    {
        var engineMakesIt = MountPoints.Contains(wanted.Path) && MountPointModes.Contains(found.Mode);
        if (wanted.Kind != EntryKind.SymbolicLink && wanted.Mode != found.Mode && !engineMakesIt)
            return $"mode {Octal(found.Mode)}, not {Octal(wanted.Mode)}";
        if (wanted.Uid != found.Uid || wanted.Gid != found.Gid)
            return $"owner {found.Uid}:{found.Gid}, not {wanted.Uid}:{wanted.Gid}";
        return (wanted.DeviceMajor, wanted.DeviceMinor) == (found.DeviceMajor, found.DeviceMinor)
            ? null
            : $"device {found.DeviceMajor}:{found.DeviceMinor}, not {wanted.DeviceMajor}:{wanted.DeviceMinor}";
    }

    private static string? AttributeDifference(ImageEntry wanted, ImageEntry found)
    {
        foreach (
            var name in wanted
                .Xattrs.Keys.Union(found.Xattrs.Keys, StringComparer.Ordinal)
                .Where(n => n != HostAttribute)
                .Order(StringComparer.Ordinal)
        )
        {
            if (!found.Xattrs.TryGetValue(name, out var now))
                return $"the attribute {name} is lost";
            if (!wanted.Xattrs.TryGetValue(name, out var before))
                return $"an attribute {PlainText.Visible(name)} that the full image lacks";
            if (!now.AsSpan().SequenceEqual(before))
                return $"another value of the attribute {name}";
        }

        return null;
    }

    private (long Size, string Sha256) Wanted(string path)
    {
        var (entry, sha256) = full.Find(path)!;
        return slimmed.TryGetValue(entry.DataOffset, out var slim) && FileTable.HasContent(entry)
            ? (slim.After, slim.Sha256)
            : (entry.Size, sha256 ?? "");
    }

    private static bool SameKind(ImageEntry a, ImageEntry b) => a.Kind == b.Kind || (FileTable.HasContent(a) && FileTable.HasContent(b));

    private static bool IsBelow(string path, string directory) =>
        path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal);

    private static string Words(ImageEntry entry) =>
        entry.Kind switch
        {
            EntryKind.File or EntryKind.HardLink => $"a file of {entry.Size:N0} bytes with mode {Octal(entry.Mode)}",
            EntryKind.Directory => "a directory",
            EntryKind.SymbolicLink => $"a link to {PlainText.Visible(entry.LinkTarget!)}",
            EntryKind.Fifo => "a fifo",
            _ => "a device",
        };

    private static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');
}
