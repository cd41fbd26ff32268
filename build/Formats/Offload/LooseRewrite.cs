namespace Gfxbake.Formats.Offload;

/// <summary>What becomes of a loose file of GPU code.</summary>
/// <param name="Source">The file.</param>
/// <param name="Bundle">The bundle that is written; its objects without a table where ToBare is set.</param>
/// <param name="ToBare">Whether the one object is written without a bundle around it.</param>
public sealed record LooseRewrite(LooseCode Source, BundleRewrite Bundle, bool ToBare)
{
    /// <summary>Null when nothing would change.</summary>
    /// <exception cref="OffloadRefusedException">It has no code for one of the targets.</exception>
    public static LooseRewrite? Plan(LooseCode source, IReadOnlyList<TargetId> targets, OffloadForm form)
    {
        if (form == OffloadForm.None)
            return null;
        var bundle = source.Bundle;
        var (kept, missing) = TargetSelection.Choose(bundle.Entries, targets);
        if (missing.Count > 0)
            throw new OffloadRefusedException($"it has no code for {string.Join(", ", missing)}");
        // A bare object has no form that "as it was" could mean but bare.
        var toBare = form == OffloadForm.Raw ? kept.Count(e => e.Size > 0) == 1 : source.IsBare && form == OffloadForm.Slim;
        var rewrite = OffloadPlanner.Rewrite(bundle, kept, form);
        var same =
            kept.Count == bundle.Entries.Count
            && toBare == source.IsBare
            && rewrite.CompressedVersion is null == bundle.Compression is null;
        return same ? null : new LooseRewrite(source, rewrite, toBare);
    }

    /// <summary>Writes the new file and compares what can be read from it with what was read.</summary>
    /// <param name="source">The old file, seekable.</param>
    /// <param name="output">Empty; can be read and written.</param>
    /// <param name="cancellation">Looked at about once a mebibyte.</param>
    /// <exception cref="OffloadFormatException">The old file is broken, or the new one is not what was to be written.</exception>
    public void Write(Stream source, Stream output, CancellationToken cancellation = default)
    {
        IReadOnlyList<string> objects;
        if (ToBare)
        {
            using var content = new BundleStream(source, Source.Bundle);
            objects = [BundleWriter.CopyObject(content, Bundle.Kept.Single(e => e.Size > 0), output, cancellation)];
            content.Finish();
        }
        else
        {
            objects = BundleWriter.Write(source, Bundle, output, cancellation);
        }

        output.Flush();
        if (
            LooseCode.TryRead(output) is not { } written
            || written.IsBare != ToBare
            || !Hashes(output, written, cancellation).SequenceEqual(objects)
        )
        {
            throw new OffloadFormatException(0, "the rewritten file failed its check: a code object is not the one that was read");
        }

        output.Position = 0;
    }

    private static List<string> Hashes(Stream stream, LooseCode code, CancellationToken cancellation)
    {
        using var content = new BundleStream(stream, code.Bundle);
        var hashes = code
            .Bundle.Entries.Where(e => e.Size > 0)
            .OrderBy(e => e.Offset)
            .ToDictionary(e => e, e => BundleWriter.CopyObject(content, e, Stream.Null, cancellation));
        content.Finish();
        return [.. code.Bundle.Entries.Where(e => e.Size > 0).Select(e => hashes[e])];
    }
}
