using Gfxbake.Formats.Elf;

namespace Gfxbake.Formats.Offload;

/// <summary>Reads a rewritten library as the loader and the HIP runtime do, and compares it with the old one.</summary>
public static class OffloadCheck
{
    /// <summary>
    /// Every kept object has the hash that it had; every byte outside the bundles, the tables and the patched words is the same, and
    /// comes to the same address.
    /// </summary>
    /// <param name="openOld">Opens the old file anew.</param>
    /// <param name="rewrite">What was to be written.</param>
    /// <param name="openNew">Opens the new file anew; called from several threads.</param>
    /// <param name="result">What the writer says that it wrote.</param>
    /// <param name="cancellation">Looked at once a bundle or mebibyte.</param>
    /// <exception cref="OffloadFormatException">A difference: the new file must not be used.</exception>
    public static void Verify(
        Func<Stream> openOld,
        OffloadRewrite rewrite,
        Func<Stream> openNew,
        OffloadResult result,
        CancellationToken cancellation = default
    )
    {
        using var written = openNew();
        var found = Read(written) ?? throw Fault(0, "it has no GPU code");
        CheckBundles(rewrite, result, found, openNew, cancellation);
        using var old = openOld();
        CheckAddresses(rewrite.Source, found, result);
        CheckTables(rewrite.Source, found);
        CheckOtherBytes(old, rewrite.Source, written, found, cancellation);
    }

    private static FatBinary? Read(Stream written)
    {
        try
        {
            return FatBinaryReader.TryRead(written);
        }
        catch (ElfFormatException error)
        {
            throw Fault(error.Offset, error.Message);
        }
    }

    private static void CheckBundles(
        OffloadRewrite rewrite,
        OffloadResult result,
        FatBinary found,
        Func<Stream> openNew,
        CancellationToken cancellation
    )
    {
        var expected = rewrite.Bundles.Zip(result.Bundles).ToDictionary(b => b.First.Source.Address, b => b);
        if (found.Wrappers.Count != rewrite.Source.Wrappers.Count)
            throw Fault(0, $"{found.Wrappers.Count} wrappers, not {rewrite.Source.Wrappers.Count}");
        foreach (var (before, after) in rewrite.Source.Wrappers.Zip(found.Wrappers))
        {
            if (after.Address != expected[before.Address].Second.Address)
                throw Fault(after.PointerOffset, "a wrapper points to another place than was written");
        }

        if (found.Bundles.Count != rewrite.Bundles.Count)
            throw Fault(0, $"{found.Bundles.Count} bundles, not {rewrite.Bundles.Count}");
        var bundles = found.Bundles.ToDictionary(b => b.Address);
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.ForEach(
                expected.Values,
                options,
                pair => CheckBundle(pair.First, pair.Second, bundles[pair.Second.Address], openNew, cancellation)
            );
        }
        catch (AggregateException error) when (error.InnerExceptions.OfType<OffloadFormatException>().FirstOrDefault() is { } fault)
        {
            throw fault;
        }
    }

    private static void CheckBundle(
        BundleRewrite rewrite,
        WrittenBundle written,
        OffloadBundle found,
        Func<Stream> openNew,
        CancellationToken cancellation
    )
    {
        if (!found.Entries.SequenceEqual(rewrite.Written))
            throw Fault(found.Offset, "the table of a bundle is not the one that was written");
        using var stream = openNew();
        using var content = new BundleStream(stream, found, cancellation);
        var hashes = found
            .Entries.Where(e => e.Size > 0)
            .OrderBy(e => e.Offset)
            .ToDictionary(e => e, e => BundleWriter.CopyObject(content, e, Stream.Null, cancellation));
        content.Finish();
        if (!found.Entries.Where(e => e.Size > 0).Select(e => hashes[e]).SequenceEqual(written.Objects))
            throw Fault(found.Offset, "a code object is not the one that was read");
    }

    private static void CheckAddresses(FatBinary old, FatBinary found, OffloadResult result)
    {
        if (found.Layout.FileLength != result.Length)
            throw Fault(0, $"the file has {found.Layout.FileLength} bytes, not {result.Length}");
        if (found.Section.Address != old.Section.Address)
            throw Fault((long)found.Section.Offset, "the GPU code's address changed");
        var delta = old.Layout.FileLength - found.Layout.FileLength;
        foreach (
            var section in old.Layout.SectionHeaders.Where(s =>
                s.Address != 0 && s.Length > 0 && s.Type is not (0 or SectionHeader.NoBits) && s != old.Section
            )
        )
        {
            foreach (var address in new[] { section.Address, section.Address + section.Length - 1 })
            {
                var wanted = old.Layout.OffsetOf(address);
                if (wanted >= (long)old.Section.Offset)
                    wanted -= delta;
                if (found.Layout.OffsetOf(address) != wanted)
                    throw Fault((long)section.Offset, $"a byte of {section.Name} comes to another address");
            }
        }
    }

    private static void CheckTables(FatBinary old, FatBinary found)
    {
        var delta = (ulong)(old.Layout.FileLength - found.Layout.FileLength);
        var tail = (long)(old.Section.Offset + old.Section.Length) & ~(OffloadPlanner.Page - 1L);
        ulong Moved(ulong offset) => (long)offset >= tail ? offset - delta : offset;

        if (!Memory(old.Layout).SequenceEqual(Memory(found.Layout)))
            throw Fault((long)found.Layout.ProgramTableOffset, "a program header changed what memory there is or who may write it");
        if (!Others(old.Layout).Select(p => p with { Offset = Moved(p.Offset) }).SequenceEqual(Others(found.Layout)))
            throw Fault((long)found.Layout.ProgramTableOffset, "a program header changed");
        var sections = old.Layout.SectionHeaders.Select(s =>
            s == old.Section ? s with { Length = found.Section.Length } : s with { Offset = Moved(s.Offset) }
        );
        if (!sections.SequenceEqual(found.Layout.SectionHeaders))
            throw Fault((long)found.Layout.SectionTableOffset, "a section header changed");
    }

    /// <summary>Memory of the PT_LOADs; those that follow each other without a gap count as one.</summary>
    private static List<(ulong Start, ulong End, uint Flags)> Memory(ElfLayout layout)
    {
        var ranges = new List<(ulong Start, ulong End, uint Flags)>();
        foreach (var load in layout.Loads)
        {
            var next = (load.Address, load.Address + load.MemorySize, load.Flags);
            if (ranges.Count > 0 && ranges[^1].End == load.Address && ranges[^1].Flags == load.Flags)
                ranges[^1] = ranges[^1] with { End = next.Item2 };
            else
                ranges.Add(next);
        }

        return ranges;
    }

    // The table may have moved, and a note may have made room.
    private static IEnumerable<ProgramHeader> Others(ElfLayout layout) =>
        layout.ProgramHeaders.Where(p => p.Type is not (ProgramHeader.Load or ProgramHeader.Note or ProgramHeader.Table));

    private static void CheckOtherBytes(Stream old, FatBinary source, Stream written, FatBinary found, CancellationToken cancellation)
    {
        var codeEnd = (long)(source.Section.Offset + source.Section.Length);
        var delta = source.Layout.FileLength - found.Layout.FileLength;
        var patched = Patched(source).ToList();
        Compare(old, 0, written, 0, (long)source.Section.Offset, patched, cancellation);
        Compare(old, codeEnd, written, codeEnd - delta, source.Layout.FileLength - codeEnd, patched, cancellation);
    }

    /// <summary>Ranges of bytes, by their place in the old file, that may differ.</summary>
    private static IEnumerable<(long Start, long Length)> Patched(FatBinary file)
    {
        yield return (32, 16);
        yield return (56, 2);
        yield return ((long)file.Layout.ProgramTableOffset, file.Layout.ProgramHeaders.Count * ProgramHeader.Size);
        yield return ((long)file.Layout.SectionTableOffset, file.Layout.SectionHeaders.Count * SectionHeader.Size);
        foreach (var wrapper in file.Wrappers)
        {
            yield return (wrapper.PointerOffset, 8);
            if (wrapper.AddendOffset is { } addend)
                yield return (addend, 8);
        }
    }

    private static void Compare(
        Stream a,
        long atA,
        Stream b,
        long atB,
        long count,
        List<(long Start, long Length)> except,
        CancellationToken cancellation
    )
    {
        byte[] x = new byte[Math.Min(1 << 20, count)],
            y = new byte[x.Length];
        (a.Position, b.Position) = (atA, atB);
        for (long done = 0; done < count; )
        {
            cancellation.ThrowIfCancellationRequested();
            var part = (int)Math.Min(x.Length, count - done);
            a.ReadExactly(x, 0, part);
            b.ReadExactly(y, 0, part);
            foreach (var (start, length) in except)
            {
                var (from, to) = (Math.Max(0, start - atA - done), Math.Min(part, start + length - atA - done));
                if (from >= to)
                    continue;
                x.AsSpan((int)from, (int)(to - from)).Clear();
                y.AsSpan((int)from, (int)(to - from)).Clear();
            }

            var same = x.AsSpan(0, part).CommonPrefixLength(y.AsSpan(0, part));
            if (same < part)
                throw Fault(atB + done + same, "a byte outside the GPU code changed");
            done += part;
        }
    }

    private static OffloadFormatException Fault(long offset, string what) => new(offset, $"the rewritten file failed its check: {what}");
}
