using System.Globalization;
using System.Text;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Full;

/// <summary>Writes and reads a file table as text: one line for each path, for people, diff and other programs.</summary>
/// <remarks>
/// Format: mtree(5), version 2.0, as bsdtar and NetBSD's mtree have it: full paths, values in vis(3)'s octal form. `inode` numbers
/// contents, so that hard links show. `xattr.NAME` is an addition of ours, its value in base64.
/// </remarks>
public static class Mtree
{
    private const string Header = "#mtree";

    // A table of ten million paths would be an attack on our memory; Debian's largest image here has nine thousand.
    private const int MostLines = 2_000_000;

    private static readonly (EntryKind Kind, string Word)[] Kinds =
    [
        (EntryKind.File, "file"),
        (EntryKind.Directory, "dir"),
        (EntryKind.SymbolicLink, "link"),
        (EntryKind.CharacterDevice, "char"),
        (EntryKind.BlockDevice, "block"),
        (EntryKind.Fifo, "fifo"),
    ];

    public static void Write(FileTable table, TextWriter output)
    {
        output.Write(Header + "\n");
        var inodes = new Dictionary<long, int>();
        foreach (var (entry, sha256) in table.Entries.OrderBy(e => e.Entry.Path, StringComparer.Ordinal))
        {
            var words = new List<string> { "." + Escape(entry.Path == "/" ? "" : entry.Path), "type=" + Word(entry.Kind) };
            words.Add($"mode={Convert.ToString(entry.Mode, 8)} uid={entry.Uid} gid={entry.Gid}");
            if (sha256 is not null)
            {
                inodes.TryAdd(entry.DataOffset, inodes.Count + 1);
                words.Add($"size={entry.Size} inode={inodes[entry.DataOffset]} sha256digest={sha256}");
            }

            if (entry.Kind == EntryKind.SymbolicLink)
                words.Add("link=" + Escape(entry.LinkTarget!));
            if (entry.Kind is EntryKind.CharacterDevice or EntryKind.BlockDevice)
                words.Add($"device=native,{entry.DeviceMajor},{entry.DeviceMinor}");
            words.AddRange(
                entry
                    .Xattrs.OrderBy(x => x.Key, StringComparer.Ordinal)
                    .Select(x => $"xattr.{Escape(x.Key)}={Convert.ToBase64String(x.Value)}")
            );
            output.Write(string.Join(' ', words) + "\n");
        }
    }

    /// <exception cref="FormatException">It is no table as Write makes it; the message names the line.</exception>
    public static FileTable Read(TextReader input)
    {
        if (input.ReadLine() != Header)
            throw new FormatException($"line 1 is not '{Header}'");
        var entries = new List<HashedEntry>();
        var names = new Dictionary<long, string>();
        for (var number = 2; input.ReadLine() is { } line; number++)
        {
            if (number > MostLines)
                throw new FormatException($"more than {MostLines} lines");
            try
            {
                entries.Add(Named(Parse(line), names));
            }
            catch (Exception error) when (error is FormatException or OverflowException or ArgumentException or KeyNotFoundException)
            {
                throw new FormatException($"line {number}: {error.Message}");
            }
        }

        try
        {
            return new FileTable(entries);
        }
        catch (ArgumentException error)
        {
            throw new FormatException(error.Message);
        }
    }

    private static HashedEntry Parse(string line)
    {
        var words = line.Split(' ');
        var values = words
            .Skip(1)
            .Select(w => w.Split('=', 2))
            .ToDictionary(w => w[0], w => w.Length == 2 ? w[1] : throw new FormatException($"'{w[0]}' has no value"));
        var path = Unescape(words[0]);
        if (path != "." && !path.StartsWith("./", StringComparison.Ordinal))
            throw new FormatException($"the path '{path}' is not below '.'");
        var kind =
            Kinds.Where(k => k.Word == values["type"]).Select(k => (EntryKind?)k.Kind).FirstOrDefault()
            ?? throw new FormatException($"unknown type '{values["type"]}'");
        var sha256 = values.GetValueOrDefault("sha256digest");
        if (sha256 is null == (kind == EntryKind.File))
            throw new FormatException("a file needs a digest, and nothing else has one");
        var device = values.GetValueOrDefault("device", "native,0,0").Split(',');
        return new HashedEntry(
            new ImageEntry
            {
                Path = path == "." ? "/" : path[1..],
                Kind = kind,
                Size = sha256 is null ? 0 : Number(values["size"]),
                Mode = Convert.ToInt32(values["mode"], 8),
                Uid = (int)Number(values["uid"]),
                Gid = (int)Number(values["gid"]),
                LinkTarget = kind == EntryKind.SymbolicLink ? Unescape(values["link"]) : null,
                DeviceMajor = (int)Number(device[1]),
                DeviceMinor = (int)Number(device[2]),
                DataOffset = sha256 is null ? 0 : Number(values["inode"]),
                Xattrs = values
                    .Where(v => v.Key.StartsWith("xattr.", StringComparison.Ordinal))
                    .ToDictionary(v => Unescape(v.Key["xattr.".Length..]), v => Convert.FromBase64String(v.Value)),
            },
            sha256
        );
    }

    /// <summary>A further name of a content that came before is a hard link to the first.</summary>
    private static HashedEntry Named(HashedEntry file, Dictionary<long, string> names) =>
        file.Sha256 is null || names.TryAdd(file.Entry.DataOffset, file.Entry.Path)
            ? file
            : file with
            {
                Entry = file.Entry with { Kind = EntryKind.HardLink, LinkTarget = names[file.Entry.DataOffset] },
            };

    private static string Word(EntryKind kind) => kind == EntryKind.HardLink ? "file" : Kinds.First(k => k.Kind == kind).Word;

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is > 0x20 and < 0x7f && b is not ((byte)'\\' or (byte)'#' or (byte)'='))
                escaped.Append((char)b);
            else
                escaped.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
        }

        return escaped.ToString();
    }

    private static string Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] >= 0x80)
                throw new FormatException($"'{text}' has a character that is not escaped");
            var escaped = text[i] == '\\';
            bytes.Add(escaped ? Convert.ToByte(text.Substring(i + 1, 3), 8) : (byte)text[i]);
            if (escaped)
                i += 3;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
