namespace Gfxbake.Formats.Rpm;

/// <summary>Files as a package's header lists them, for an archive that only counts them.</summary>
internal static class ListedFiles
{
    // rpmtag.h.
    private const uint SizesTag = 1028,
        ModesTag = 1030,
        TimesTag = 1034,
        DevicesTag = 1095,
        InodesTag = 1096,
        LongSizesTag = 5008;

    /// <summary>In the order of the header, without content.</summary>
    /// <exception cref="FormatException">The lists of the header do not fit together.</exception>
    public static IReadOnlyList<CpioEntry> Of(RpmPackage package, RpmHeader header)
    {
        var modes = header.Shorts(ModesTag);
        IReadOnlyList<ulong> sizes = header.Longs(LongSizesTag) is { Count: > 0 } longs
            ? longs
            : [.. header.Numbers(SizesTag).Select(s => (ulong)s)];
        var (devices, inodes, times) = (header.Numbers(DevicesTag), header.Numbers(InodesTag), header.Numbers(TimesTag));
        var count = package.Files.Count;
        if (new[] { modes.Count, sizes.Count, devices.Count, inodes.Count, times.Count }.Any(c => c != count))
            throw new FormatException($"its header lists {count} files, and not a mode, size, time and inode of each");
        var entries = new CpioEntry[count];
        // Of a file with several names only the last one has the content.
        foreach (var (number, names) in Enumerable.Range(0, count).GroupBy(i => (devices[i], inodes[i])).Index())
        {
            var of = names.ToList();
            foreach (var i in of)
            {
                var kind = CpioReader.Kind(modes[i]);
                var bytes = kind == CpioKind.Link || (kind == CpioKind.File && i == of[^1]) ? sizes[i] : 0;
                if (bytes > long.MaxValue)
                    throw new FormatException($"its header lists a file of {bytes} bytes");
                var links = kind == CpioKind.File ? (uint)of.Count : 1;
                var path = "." + package.Files[i].Path;
                entries[i] = new CpioEntry(path, kind, modes[i] & 0xFFF, links, (uint)number, times[i], (long)bytes, Stream.Null);
            }
        }

        return entries;
    }
}
