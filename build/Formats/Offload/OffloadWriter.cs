using System.Buffers.Binary;
using Gfxbake.Formats.Elf;

namespace Gfxbake.Formats.Offload;

/// <summary>
/// Writes a library of which only the wanted GPUs' code stays. Virtual addresses do not change, and the file has no hole.
/// </summary>
public static class OffloadWriter
{
    private const int Page = OffloadPlanner.Page;

    // Bundles differ in size by a thousand times: while a large one is worked on, the other cores go on with those behind it.
    private const long MostAhead = 128L << 20;

    /// <summary>Writes the new file and flushes it; bundles that have to be unpacked or packed are done on all cores.</summary>
    /// <param name="open">Opens the old file anew, seekable; called from several threads.</param>
    /// <param name="rewrite">What to write.</param>
    /// <param name="output">Empty, seekable.</param>
    /// <param name="progress">Told how many bundles are done.</param>
    /// <param name="cancellation">Looked at about once a mebibyte.</param>
    /// <exception cref="OffloadRefusedException">The compressed bundles take more room than they had.</exception>
    /// <exception cref="OffloadFormatException">A bundle is broken.</exception>
    public static OffloadResult Write(
        Func<Stream> open,
        OffloadRewrite rewrite,
        Stream output,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using var source = open();
        var split = SegmentSplit.Of(rewrite.Source);
        var code = rewrite.Source.Section;
        Copy(source, 0, output, 0, (long)code.Offset, cancellation);
        var bundles = WriteBundles(open, source, rewrite, output, split.Room, progress, cancellation);
        var packed = OffloadPlanner.RoundUp((long)(bundles[^1].Address - code.Address) + bundles[^1].Length);
        var layout = split.Apply(packed);
        var tail = split.OldTail - layout.Delta;
        output.SetLength(tail);
        Copy(source, split.OldTail, output, tail, rewrite.Source.Layout.FileLength - split.OldTail, cancellation);
        Put(output, tail, new byte[(long)(code.Offset + code.Length) - split.OldTail]);
        WriteTables(rewrite.Source, layout, output);
        WritePointers(rewrite, bundles, split, layout, output);
        output.Flush();
        return new OffloadResult(output.Length, bundles);
    }

    private static List<WrittenBundle> WriteBundles(
        Func<Stream> open,
        Stream source,
        OffloadRewrite rewrite,
        Stream output,
        long room,
        IProgress<int>? progress,
        CancellationToken cancellation
    )
    {
        var code = rewrite.Source.Section;
        var done = new List<WrittenBundle>(rewrite.Bundles.Count);
        var ahead = new Queue<Task<Packed>>();
        var started = 0;
        long place = 0,
            bytesAhead = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var cores = new TaskFactory(
            new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Environment.ProcessorCount).ConcurrentScheduler
        );
        try
        {
            foreach (var bundle in rewrite.Bundles)
            {
                cancellation.ThrowIfCancellationRequested();
                for (; started < rewrite.Bundles.Count && (ahead.Count < Environment.ProcessorCount || bytesAhead < MostAhead); started++)
                {
                    if (rewrite.Bundles[started] is not { IsCopy: false } next)
                        continue;
                    ahead.Enqueue(cores.StartNew(() => Pack(open, next, stop.Token), stop.Token));
                    bytesAhead += next.Length;
                }

                output.Position = (long)code.Offset + place;
                IReadOnlyList<string> objects;
                if (bundle.IsCopy)
                {
                    objects = BundleWriter.Write(source, bundle, output, cancellation);
                }
                else
                {
                    var packed = ahead.Dequeue().GetAwaiter().GetResult();
                    output.Write(packed.Bytes.GetBuffer().AsSpan(0, (int)packed.Bytes.Length));
                    objects = packed.Objects;
                    bytesAhead -= bundle.Length;
                }

                var length = output.Position - (long)code.Offset - place;
                done.Add(new WrittenBundle(code.Address + (ulong)place, length, objects));
                place = OffloadPlanner.RoundUp(place + length);
                if (place > room)
                {
                    throw new OffloadRefusedException(
                        $"its {rewrite.Bundles.Count:N0} bundles take more than the {room:N0} bytes that they had"
                    );
                }

                progress?.Report(done.Count);
            }

            return done;
        }
        finally
        {
            // After an error nobody reads what they find, but they use the file.
            stop.Cancel();
            Task.WhenAll(ahead)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .Wait(CancellationToken.None);
        }
    }

    private static Packed Pack(Func<Stream> open, BundleRewrite bundle, CancellationToken cancellation)
    {
        using var source = open();
        var bytes = new MemoryStream();
        return new Packed(BundleWriter.Write(source, bundle, bytes, cancellation), bytes);
    }

    private static void WriteTables(FatBinary source, SplitLayout layout, Stream output)
    {
        Span<byte> offsets = stackalloc byte[16],
            count = stackalloc byte[2];
        BinaryPrimitives.WriteUInt64LittleEndian(offsets, layout.ProgramTableOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(offsets[8..], layout.SectionTableOffset);
        Put(output, 32, offsets);
        BinaryPrimitives.WriteUInt16LittleEndian(count, (ushort)layout.ProgramHeaders.Count);
        Put(output, 56, count);
        var moved = layout.ProgramTableOffset != source.Layout.ProgramTableOffset;
        var programs = new byte[moved ? Page : source.Layout.ProgramHeaders.Count * ProgramHeader.Size];
        for (var i = 0; i < layout.ProgramHeaders.Count; i++)
            layout.ProgramHeaders[i].Write(programs.AsSpan(i * ProgramHeader.Size));
        Put(output, (long)layout.ProgramTableOffset, programs);
        var sections = new byte[layout.SectionHeaders.Count * SectionHeader.Size];
        for (var i = 0; i < layout.SectionHeaders.Count; i++)
            layout.SectionHeaders[i].Write(sections.AsSpan(i * SectionHeader.Size));
        Put(output, (long)layout.SectionTableOffset, sections);
    }

    // The relocation's addend is what the loader uses; the word itself is what a reader without relocations sees.
    private static void WritePointers(
        OffloadRewrite rewrite,
        List<WrittenBundle> bundles,
        SegmentSplit split,
        SplitLayout layout,
        Stream output
    )
    {
        var places = rewrite.Bundles.Zip(bundles).ToDictionary(b => b.First.Source.Address, b => b.Second.Address);
        Span<byte> word = stackalloc byte[8];
        foreach (var wrapper in rewrite.Source.Wrappers)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, places[wrapper.Address]);
            Put(output, split.Shift(wrapper.PointerOffset, layout.Delta), word);
            if (wrapper.AddendOffset is { } addend)
                Put(output, split.Shift(addend, layout.Delta), word);
        }
    }

    private static void Copy(Stream source, long from, Stream output, long to, long count, CancellationToken cancellation)
    {
        var buffer = new byte[Math.Min(1 << 20, count)];
        (source.Position, output.Position) = (from, to);
        for (var left = count; left > 0; )
        {
            cancellation.ThrowIfCancellationRequested();
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            source.ReadExactly(part);
            output.Write(part);
            left -= part.Length;
        }
    }

    private static void Put(Stream output, long offset, ReadOnlySpan<byte> bytes)
    {
        output.Position = offset;
        output.Write(bytes);
    }

    private sealed record Packed(IReadOnlyList<string> Objects, MemoryStream Bytes);
}
