using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Archives;

/// <summary>One entry of a docker-archive: a file with content, a link to another layer, or a directory.</summary>
/// <param name="Name">One of the names that engines write, without a slash at the end.</param>
/// <param name="Target">Name of the entry that a link leads to; null: no link.</param>
/// <param name="Content">The file's bytes until the next entry is asked for; null: no file.</param>
/// <param name="Length">Bytes of content.</param>
internal sealed record ArchiveItem(string Name, string? Target, Stream? Content, long Length);

/// <summary>Reads the tar of a docker-archive forward, and refuses everything that `podman save` and `docker save` do not write.</summary>
/// <remarks>
/// Programs that read tars disagree: about an entry that comes twice, GNU's and star's headers, sparse files, names with dots, links. An
/// archive that uses one of these can be one image for us and another for the engine, so none of them passes.
/// </remarks>
internal sealed partial class ArchiveTar(Stream source)
{
    private const int MostEntries = 10_000,
        MostPaxBytes = 1 << 20;

    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly byte[] block = new byte[TarHeader.BlockSize];
    private FileContent? last;
    private long rest;

    /// <exception cref="ArchiveFormatException">The tar is cut off, or holds something that engines do not write.</exception>
    public ArchiveItem? Next()
    {
        try
        {
            last?.CopyTo(Stream.Null);
            Skip(rest);
            return NextHeader(out var pax) ? Item(pax) : null;
        }
        catch (EndOfStreamException)
        {
            throw Broken("it ends in the middle");
        }
    }

    /// <summary>Fills the block with the next entry's own header; false at the archive's end.</summary>
    private bool NextHeader(out PaxRecords? pax)
    {
        pax = null;
        while (true)
        {
            source.ReadExactly(block);
            if (new TarHeader(block).IsZero)
                return pax is null ? End() : throw Broken("it ends after a header that belongs to an entry");
            if (!new TarHeader(block).ChecksumMatches)
                throw Broken("a header's checksum is wrong");
            // GNU's and star's headers look alike but for these bytes and the prefix, which no name of ours needs.
            if (!block.AsSpan(257, 8).SequenceEqual("ustar\000"u8) || block.AsSpan(345).ContainsAnyExcept((byte)0))
                throw Refused(HeaderName(), "has a header of another form");
            if (new TarHeader(block).TypeFlag != 'x')
                return true;
            if (pax is not null)
                throw Broken("two PAX headers for one entry");
            pax = ReadPax();
        }
    }

    private PaxRecords ReadPax()
    {
        var size = Size();
        if (size > MostPaxBytes)
            throw Broken($"a PAX header of {size:N0} bytes");
        var bytes = new byte[size];
        source.ReadExactly(bytes);
        Skip(Padding(size));
        var records = new PaxRecords();
        return records.Read(bytes) is { } problem ? throw Broken(problem) : records;
    }

    private ArchiveItem Item(PaxRecords? pax)
    {
        var header = new TarHeader(block);
        var name = HeaderName();
        // A size is only written there when the header has no room for it.
        var length = pax?.Size ?? Size();
        var link = Encoding.Latin1.GetString(header.LinkName);
        if (pax?.Path is { } path && !header.Name.SequenceEqual(path))
            throw Refused(name, "has two names");
        if (pax?.LinkPath is { } target && !header.LinkName.SequenceEqual(target))
            throw Refused(name, "has two targets");
        var known = header.TypeFlag switch
        {
            (byte)'0' => FileName().IsMatch(name),
            (byte)'2' => LinkName().IsMatch(name) && LinkTarget().IsMatch(link),
            (byte)'5' => FolderName().IsMatch(name),
            _ => throw Refused(name, $"has the type 0x{header.TypeFlag:x2}"),
        };
        if (!known)
            throw Refused(name, header.TypeFlag == '2' ? $"leads to '{PlainText.Visible(link)}'" : "has an unknown name");
        name = name.TrimEnd('/');
        if (!names.Add(name))
            throw new ArchiveFormatException($"the archive has two entries '{name}', and an engine may take the other one");
        if (names.Count > MostEntries)
            throw new ArchiveFormatException($"the archive has more than {MostEntries:N0} entries");
        if (length < 0 || length > 0 && header.TypeFlag != '0')
            throw Refused(name, $"has a length of {length:N0} bytes");
        (last, rest) = header.TypeFlag == '0' ? (new FileContent(source, length), Padding(length)) : (null, 0);
        return new ArchiveItem(name, header.TypeFlag == '2' ? link["../".Length..] : null, last, length);
    }

    /// <summary>The second zero block, and zeros to the end: what follows there is read by some programs.</summary>
    private bool End()
    {
        source.ReadExactly(block);
        var zeros = block.AsSpan();
        var buffer = new byte[1 << 16];
        for (; !zeros.IsEmpty; zeros = buffer.AsSpan(0, source.Read(buffer)))
        {
            if (zeros.ContainsAnyExcept((byte)0))
                throw new ArchiveFormatException("the archive goes on after its end");
        }

        (last, rest) = (null, 0);
        return false;
    }

    private long Size() =>
        TarHeader.TryNumber(new TarHeader(block).Size, out var size) && size >= 0 ? size : throw Broken("an entry's size is no number");

    private string HeaderName() => Encoding.Latin1.GetString(new TarHeader(block).Name);

    private void Skip(long bytes) => source.ReadExactly(block.AsSpan(0, (int)bytes));

    private static long Padding(long length) => -length & (TarHeader.BlockSize - 1);

    private static ArchiveFormatException Broken(string what) => new($"the archive is cut off or no tar: {what}");

    private static ArchiveFormatException Refused(string name, string what) =>
        new($"the entry '{PlainText.Visible(name)}' {what}; neither `podman save` nor `docker save` writes that");

    [GeneratedRegex(
        @"\A((manifest|index)\.json|repositories|oci-layout|blobs/sha256/[0-9a-f]{64}"
            + @"|[0-9a-f]{64}(\.json|\.tar|/VERSION|/json|/layer\.tar))\z"
    )]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A(blobs|blobs/sha256|[0-9a-f]{64})/?\z")]
    private static partial Regex FolderName();

    [GeneratedRegex(@"\A[0-9a-f]{64}/layer\.tar\z")]
    private static partial Regex LinkName();

    [GeneratedRegex(@"\A\.\./[0-9a-f]{64}(\.tar|/layer\.tar)\z")]
    private static partial Regex LinkTarget();

    /// <summary>A file's bytes and no more; an archive that ends before them is cut off.</summary>
    private sealed class FileContent(Stream source, long left) : ForwardStream
    {
        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            if (left == 0 || buffer.IsEmpty)
                return 0;
            var read = source.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
            left -= read;
            return read > 0 ? read : throw Broken("it ends in the middle");
        }
    }
}
