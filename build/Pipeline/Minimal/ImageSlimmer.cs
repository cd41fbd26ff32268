using System.Security.Cryptography;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;

namespace Gfxbake.Pipeline.Minimal;

/// <summary>
/// Rewrites the libraries of an image that its plan marks SlimOffload, each when it is asked for, and gives those that it marks StandIn
/// their stand-in.
/// </summary>
/// <param name="source">The full image.</param>
/// <param name="full">What it held when it was exported.</param>
/// <param name="plan">Its plan.</param>
/// <param name="standIns">Where the stand-in of a rule lies that answers.</param>
/// <param name="folder">Takes one rewritten library at a time, as a file that goes away when its stream is closed.</param>
/// <param name="done">Told of each library.</param>
/// <param name="cancellation">Looked at about once a mebibyte.</param>
public sealed class ImageSlimmer(
    ImageFileSystem source,
    FileTable full,
    PrunePlan plan,
    Func<string, string> standIns,
    string folder,
    Action<SlimmedFile> done,
    CancellationToken cancellation = default
)
{
    private readonly List<TargetId> targets = [.. plan.CodeTargets.Select(TargetId.Parse)];

    // By content: a tar's first name of a file need not be the one in the plan.
    private readonly Dictionary<long, string> marked = plan
        .Entries.Where(e => e.Action == PlanAction.SlimOffload)
        .ToDictionary(e => source.Find(e.Path)!.DataOffset, e => e.Path);

    private readonly Dictionary<long, PlanEntry> replaced = plan
        .Entries.Where(e => e.Action == PlanAction.StandIn)
        .ToDictionary(e => source.Find(e.Path)!.DataOffset);

    /// <summary>The rewritten content of a file, checked; null when the plan keeps it as it is.</summary>
    /// <exception cref="ImageFormatException">The library is not what it was when the image was exported.</exception>
    /// <exception cref="OffloadFormatException">The library is broken, or what was written did not pass its check.</exception>
    public Stream? Replace(ImageEntry file)
    {
        if (replaced.TryGetValue(file.DataOffset, out var entry))
            return StandIn(entry);
        if (!marked.TryGetValue(file.DataOffset, out var path))
            return null;
        Stream Open() => source.OpenFile(file);
        using var old = Open();
        // What is rewritten gets a new digest, so damage would be certified with it.
        if (ContentDigest.Sha256(old, cancellation) != full.Find(path)?.Sha256)
            throw source.Fault(file, $"'{path}' is not what it was when the image was exported", "Export the image again.");
        old.Position = 0;
        var name = Path.Combine(folder, "library" + AtomicFile.PartialEnding);
        var output = new FileStream(name, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            if (FatBinaryReader.TryRead(old) is { } fat && OffloadPlanner.Plan(fat, targets, plan.Offload) is { } rewrite)
            {
                var result = OffloadWriter.Write(Open, rewrite, output, null, cancellation);
                OffloadCheck.Verify(
                    Open,
                    rewrite,
                    () => File.Open(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite),
                    result,
                    cancellation
                );
            }
            else if (LooseCode.TryRead(old) is { } loose && LooseRewrite.Plan(loose, targets, plan.Offload) is { } change)
            {
                change.Write(old, output, cancellation);
            }
            else
            {
                throw new ArgumentException(
                    $"the plan wants {path} rewritten, in which nothing is to change; plan again (--target=PlanPrune)"
                );
            }

            output.Position = 0;
            done(new SlimmedFile(path, file.Size, output.Length, Convert.ToHexStringLower(SHA256.HashData(output))));
            output.Position = 0;
            return output;
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    // Checked against the plan, which the proof holds the image against.
    private MemoryStream StandIn(PlanEntry entry)
    {
        var wanted = entry.StandIn!;
        var bytes = wanted.Write(standIns(wanted.Rule));
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == wanted.Sha256
            ? new MemoryStream(bytes, writable: false)
            : throw new ArgumentException($"the stand-in of {entry.Path} is not the one that was planned; plan again (--target=PlanPrune)");
    }
}
