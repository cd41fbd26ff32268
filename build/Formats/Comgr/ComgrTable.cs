using System.Buffers.Binary;
using System.Security.Cryptography;
using Gfxbake.Formats.Text;

namespace Gfxbake.Formats.Comgr;

/// <summary>
/// What was recorded of the real libamd_comgr: its version, what it knows of targets, and the results of what it was asked to compile.
/// docker/standins/comgr/table.h describes the bytes; recorder.c writes each part into a file of its own.
/// </summary>
public sealed class ComgrTable
{
    private const int Format = 1;
    private const int KeyBytes = 32;

    /// <summary>The stand-in takes no longer list.</summary>
    private const int MostParts = 4096;
    private const long MostPartBytes = 64 << 20;

    private static readonly byte[] Magic = "GFXCOMGR"u8.ToArray();

    private readonly byte[] version;
    private readonly List<byte[]> listed;
    private readonly List<byte[]> asked;
    private readonly List<byte[]> machines;
    private readonly List<byte[]> requests;

    private ComgrTable(byte[] version, List<byte[]> listed, List<byte[]> asked, List<byte[]> machines, List<byte[]> requests) =>
        (this.version, this.listed, this.asked, this.machines, this.requests) = (version, listed, asked, machines, requests);

    /// <summary>How many requests it has an answer to.</summary>
    public int Requests => requests.Count;

    /// <summary>Reads a folder that recorders wrote to. A program in a container could write there too, so nothing is believed.</summary>
    /// <exception cref="ComgrFormatException">A part is missing, malformed or not unambiguous.</exception>
    public static ComgrTable Read(string folder)
    {
        var parts = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            var name = file.Name;
            if (name.StartsWith("conflict-", StringComparison.Ordinal))
                throw new ComgrFormatException($"two runs recorded different answers for {PlainText.Visible(name["conflict-".Length..])}");
            if (parts.Count == MostParts)
                throw new ComgrFormatException($"more than {MostParts:N0} parts were recorded");
            if (file is not FileInfo { LinkTarget: null, Length: <= MostPartBytes })
                throw new ComgrFormatException($"{PlainText.Visible(name)} is no file of at most {MostPartBytes:N0} bytes");
            // What a run that was cut short left behind.
            if (!name.StartsWith('.'))
                parts.Add(name, File.ReadAllBytes(file.FullName));
        }

        if (!parts.TryGetValue("version", out var version) || version.Length != 2 * sizeof(uint))
            throw new ComgrFormatException("no version was recorded");
        var table = new ComgrTable(
            version,
            Of("isa-0", CheckIsa),
            Of("isa-asked-", CheckIsa),
            Of("machine-", CheckMachine),
            Of("request-", CheckRequest)
        );
        var known = 1 + table.listed.Count + table.asked.Count + table.machines.Count + table.requests.Count;
        return known == parts.Count
            ? table
            : throw new ComgrFormatException($"{parts.Count - known} parts have names that no recorder gives");

        List<byte[]> Of(string start, Action<PartReader> check)
        {
            var found = parts.Where(p => p.Key.StartsWith(start, StringComparison.Ordinal)).ToList();
            foreach (var (name, bytes) in found)
            {
                var reader = new PartReader(name, bytes);
                check(reader);
                reader.End();
            }

            return [.. found.Select(p => p.Value)];
        }
    }

    /// <summary>The stand-in with the table behind it.</summary>
    /// <param name="library">The library as it was compiled.</param>
    public byte[] Behind(byte[] library)
    {
        using var table = new MemoryStream();
        table.Write(Magic);
        Number(table, Format);
        table.Write(version);
        Number(table, listed.Count);
        Parts(table, [.. listed, .. asked]);
        Parts(table, machines);
        Parts(table, requests);
        var end = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteInt64LittleEndian(end, table.Length);
        return [.. library, .. table.ToArray(), .. end, .. Magic];
    }

    private static void Parts(MemoryStream table, List<byte[]> parts)
    {
        Number(table, parts.Count);
        foreach (var part in parts)
            table.Write(part);
    }

    private static void Number(MemoryStream table, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        table.Write(bytes);
    }

    private static void CheckIsa(PartReader part)
    {
        part.Text();
        part.Bytes();
    }

    private static void CheckMachine(PartReader part)
    {
        part.Number();
        part.Number();
        part.Text();
    }

    private static void CheckRequest(PartReader part)
    {
        var key = part.Take(KeyBytes).ToArray();
        if (!key.AsSpan().SequenceEqual(SHA256.HashData(part.Text())))
            throw part.Fault("its key is not its text's");
        var outputs = part.Number();
        if (outputs > MostParts)
            throw part.Fault($"{outputs:N0} results");
        for (var i = 0; i < outputs; i++)
        {
            part.Number();
            part.Text();
            part.Bytes();
        }
    }

    /// <summary>Goes through one part; nothing of it is taken without a look at its length.</summary>
    private sealed class PartReader(string name, byte[] bytes)
    {
        private int at;

        public ReadOnlySpan<byte> Take(int count)
        {
            if (count < 0 || count > bytes.Length - at)
                throw Fault("it is cut off");
            at += count;
            return bytes.AsSpan(at - count, count);
        }

        public uint Number() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

        public ReadOnlySpan<byte> Bytes()
        {
            var size = Number();
            var content = Take(size > int.MaxValue ? -1 : (int)size);
            return Take(1)[0] == 0 ? content : throw Fault("bytes do not end with a NUL");
        }

        public ReadOnlySpan<byte> Text()
        {
            var text = Bytes();
            return text.IndexOf((byte)0) < 0 ? text : throw Fault("a text has a NUL in it");
        }

        public void End()
        {
            if (at != bytes.Length)
                throw Fault("it is longer than what is in it");
        }

        public ComgrFormatException Fault(string what) => new($"the recorded part {PlainText.Visible(name)} is damaged: {what}");
    }
}
