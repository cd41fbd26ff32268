using System.Text;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Rpm;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Staging;

/// <summary>
/// A folder that packages are unpacked into, several at a time. Nothing of a package can leave it: every path is made of plain names, its
/// folders are real ones, and a link leads to a place in the stage or nowhere.
/// </summary>
/// <param name="root">An empty folder that nobody else writes to.</param>
/// <param name="leaveOut">Patterns over paths that stay packed.</param>
/// <param name="mostBytes">Of all files together.</param>
public sealed class StageTree(string root, IReadOnlyList<PathGlob> leaveOut, long mostBytes)
{
    private const int MostEntries = 1_000_000;

    // PATH_MAX, and NAME_MAX.
    private const int MostTarget = 4096;
    private const int MostName = 255;

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Lock gate = new();

    // Every path with the package that brought it; null: a folder, which many may bring.
    private readonly Dictionary<string, string?> owners = new(StringComparer.Ordinal) { ["/"] = null };
    private int files,
        links;
    private long bytes;

    public StageCount Count => new(files, links, bytes);

    /// <summary>Unpacks one package.</summary>
    /// <param name="package">For messages.</param>
    /// <param name="entries">Its files, in their order.</param>
    /// <param name="cancellation">Is looked at before each file.</param>
    /// <exception cref="StageException">An entry is refused: says which one and why.</exception>
    public void Unpack(string package, IEnumerable<CpioEntry> entries, CancellationToken cancellation)
    {
        // Names of a file whose content comes with its last name.
        Dictionary<uint, List<string>> waiting = [];
        foreach (var entry in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            var path = Path(package, entry);
            if (leaveOut.Any(g => g.IsMatch(path)))
                continue;
            switch (entry.Kind)
            {
                case CpioKind.Folder:
                    MakeFolder(package, path);
                    break;
                case CpioKind.Link:
                    MakeLink(package, path, entry);
                    break;
                case CpioKind.File when entry is { Links: > 1, Bytes: 0 }:
                    Claim(package, path);
                    Interlocked.Increment(ref files);
                    waiting.TryAdd(entry.Inode, []);
                    waiting[entry.Inode].Add(path);
                    break;
                case CpioKind.File:
                    Claim(package, path);
                    Write(package, path, entry);
                    waiting.Remove(entry.Inode, out var names);
                    foreach (var name in names ?? [])
                        HardLink.OrCopy(OnDisk(path), OnDisk(name));
                    break;
                default:
                    throw Refused(package, path, "is a device, a pipe or a socket");
            }
        }

        // No content came for them: they are empty.
        foreach (var path in waiting.Values.SelectMany(w => w))
            File.Create(OnDisk(path)).Dispose();
    }

    private static string Path(string package, CpioEntry entry)
    {
        var text = entry.Path.StartsWith("./", StringComparison.Ordinal) ? entry.Path[2..] : entry.Path;
        if (text is "" or ".")
            return "/";
        return
            text.Split('/').Any(p => p is "" or "." or ".." || Encoding.UTF8.GetByteCount(p) > MostName)
            || text.Any(char.IsControl)
            || text.Contains('\ufffd')
            ? throw Refused(package, entry.Path, "is no plain path below the package's top")
            : "/" + text;
    }

    private void MakeFolder(string package, string path)
    {
        lock (gate)
            Folder(package, path);
    }

    /// <summary>Makes a folder and those above it; each must be a real one, or a file would land behind a link.</summary>
    private void Folder(string package, string path)
    {
        if (owners.TryGetValue(path, out var owner))
        {
            if (owner is not null)
                throw Refused(package, path, $"is a folder here and a file or a link of {owner}");
            return;
        }

        Folder(package, Parent(path));
        Add(package, path, null);
        Directory.CreateDirectory(OnDisk(path));
    }

    private void Claim(string package, string path)
    {
        lock (gate)
        {
            if (owners.TryGetValue(path, out var owner))
            {
                var why = owner is null ? "is a file here and a folder elsewhere" : $"comes a second time, after {owner}";
                throw Refused(package, path, why);
            }

            Folder(package, Parent(path));
            Add(package, path, package);
        }
    }

    private void Add(string package, string path, string? owner)
    {
        if (owners.Count >= MostEntries)
            throw Refused(package, path, $"is one of more than {MostEntries} entries");
        owners.Add(path, owner);
    }

    private void MakeLink(string package, string path, CpioEntry entry)
    {
        if (entry.Bytes is 0 or > MostTarget)
            throw Refused(package, path, $"is a link of {entry.Bytes} bytes");
        var content = new byte[entry.Bytes];
        entry.Content.ReadExactly(content);
        var target = Encoding.UTF8.GetString(content);
        if (target.Any(char.IsControl) || target.Contains('\ufffd') || Inside(path, target) is not { } inside)
            throw Refused(package, path, $"is a link that leads out of the stage ('{PlainText.Visible(target)}')");
        // Several packages may bring a link, where all say the same.
        lock (gate)
        {
            if (owners.TryGetValue(path, out var owner) && owner is not null && new FileInfo(OnDisk(path)).LinkTarget == inside)
                return;
            Claim(package, path);
            File.CreateSymbolicLink(OnDisk(path), inside);
            links++;
        }
    }

    /// <summary>Where a link leads as a relative path, with the stage as the root; null where that is above it.</summary>
    /// <remarks>
    /// Ways up count at the beginning only: there they lead through the link's own folders, which are real. Behind a name they could start
    /// from wherever another link leads.
    /// </remarks>
    private static string? Inside(string path, string target)
    {
        var depth = target.StartsWith('/') ? 0 : path.Count('/') - 1;
        var parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();
        var ups = parts.TakeWhile(p => p == "..").Count();
        if (ups > depth || parts.Skip(ups).Contains(".."))
            return null;
        string[] back = target.StartsWith('/') ? [.. Enumerable.Repeat("..", path.Count('/') - 1)] : [];
        string[] all = [.. back, .. parts];
        return all.Length == 0 ? "." : string.Join('/', all);
    }

    private void Write(string package, string path, CpioEntry entry)
    {
        if (entry.Bytes > mostBytes || Interlocked.Add(ref bytes, entry.Bytes) > mostBytes)
            throw Refused(package, path, $"makes the stage larger than {mostBytes / 1e9:N0} GB");
        Interlocked.Increment(ref files);
        var mode = (entry.Mode & 0b001_001_001) != 0 ? Readable | Executable : Readable;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
            BufferSize = 0,
        };
        using (var file = new FileStream(OnDisk(path), options))
            entry.Content.CopyTo(file, 1 << 18);
        File.SetLastWriteTimeUtc(OnDisk(path), DateTime.UnixEpoch.AddSeconds(entry.Seconds));
    }

    private string OnDisk(string path) => root + path;

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var end ? path[..end] : "/";

    private static StageException Refused(string package, string path, string why) =>
        new($"{package}: {PlainText.Visible(path)} {why}; nothing was staged");
}
