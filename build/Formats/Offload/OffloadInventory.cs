namespace Gfxbake.Formats.Offload;

/// <summary>The code for one GPU in a file.</summary>
/// <param name="Target">Such as gfx1151 or gfx90a:xnack-.</param>
/// <param name="Objects">Number of code objects.</param>
/// <param name="Bytes">Their sizes, unpacked.</param>
/// <param name="CompressedBytes">Compressed bytes that are read to unpack them; null when some are stored plain.</param>
public sealed record TargetShare(string Target, int Objects, long Bytes, long? CompressedBytes);

/// <summary>What GPU code a file holds.</summary>
public sealed record OffloadInventory
{
    public required long FileBytes { get; init; }

    /// <summary>Bytes of the file that hold GPU code, tables and gaps included.</summary>
    public required long CodeBytes { get; init; }

    public required int PlainBundles { get; init; }

    public required int CompressedBundles { get; init; }

    /// <summary>Whether the file is GPU code and nothing else.</summary>
    public required bool Loose { get; init; }

    /// <summary>By target, the older GPUs first.</summary>
    public required IReadOnlyList<TargetShare> Targets { get; init; }

    /// <summary>Takes stock; compressed bundles are unpacked for it, on all cores. Null when the file has no GPU code.</summary>
    /// <param name="open">Opens the file anew, seekable; called from several threads.</param>
    /// <param name="cancellation">Looked at about once a mebibyte.</param>
    /// <exception cref="Elf.ElfFormatException">The ELF tables are broken.</exception>
    /// <exception cref="OffloadFormatException">The code is not laid out as its format says.</exception>
    public static OffloadInventory? Of(Func<Stream> open, CancellationToken cancellation = default)
    {
        using var stream = open();
        if (FatBinaryReader.TryRead(stream) is { } fat)
            return Of(open, fat.Bundles, (long)fat.Section.Length, stream.Length, false, cancellation);
        return LooseCode.TryRead(stream) is { } loose ? Of(open, [loose.Bundle], stream.Length, stream.Length, true, cancellation) : null;
    }

    private static OffloadInventory Of(
        Func<Stream> open,
        IReadOnlyList<OffloadBundle> bundles,
        long codeBytes,
        long fileBytes,
        bool loose,
        CancellationToken cancellation
    )
    {
        var objects = new IReadOnlyList<TargetShare>[bundles.Count];
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.For(0, bundles.Count, options, i => objects[i] = Weigh(open, bundles[i], cancellation));
        }
        catch (AggregateException error) when (error.InnerExceptions.OfType<OffloadFormatException>().FirstOrDefault() is { } fault)
        {
            throw fault;
        }

        return new OffloadInventory
        {
            FileBytes = fileBytes,
            CodeBytes = codeBytes,
            PlainBundles = bundles.Count(b => b.Compression is null),
            CompressedBundles = bundles.Count(b => b.Compression is not null),
            Loose = loose,
            Targets =
            [
                .. objects
                    .SelectMany(o => o)
                    .GroupBy(o => o.Target)
                    .OrderBy(g => g.Key, GpuOrder.Instance)
                    .Select(g => new TargetShare(
                        g.Key,
                        g.Count(),
                        g.Sum(o => o.Bytes),
                        g.Any(o => o.CompressedBytes is null) ? null : g.Sum(o => o.CompressedBytes)
                    )),
            ],
        };
    }

    private static List<TargetShare> Weigh(Func<Stream> open, OffloadBundle bundle, CancellationToken cancellation)
    {
        var shares = new List<TargetShare>();
        using var stream = open();
        using var content = new BundleStream(stream, bundle);
        foreach (var entry in bundle.Entries.Where(e => e.Size > 0).OrderBy(e => e.Offset))
        {
            long? compressed = null;
            if (bundle.Compression is { Method: BundleMethod.Zstd })
            {
                content.SkipTo(entry.Offset);
                var before = content.Consumed;
                BundleWriter.CopyObject(content, entry, Stream.Null, cancellation);
                compressed = content.Consumed - before;
            }

            shares.Add(new TargetShare(entry.Target?.ToString() ?? entry.Id, 1, entry.Size, compressed));
        }

        content.Finish();
        return shares;
    }
}
