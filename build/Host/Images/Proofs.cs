using Gfxbake.Formats.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Host.Images;

/// <summary>
/// What was proven of an image, asked once more of a copy: of an export that was loaded, of a package that was installed.
/// </summary>
internal static class Proofs
{
    /// <summary>
    /// Paths of an export that differ from the plan: of an image whose id, and so whose configuration, was proven before.
    /// </summary>
    public static IReadOnlyList<string> WrongFiles(BuildContext context, IReadOnlyList<SlimmedFile> slimmed, ImageFileSystem image)
    {
        var full = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage");
        var proof = new ImageProof(FullFiles.Of(context.Workspace).ReadTable(full.Files), context.ReadPlan(), slimmed);
        return proof.Differences(FileTable.Of(image, cancellation: context.Interruption.Token));
    }

    /// <summary>Runs the workloads with the programs of a package.</summary>
    public static List<WorkloadVerdict> OfInstalled(BuildContext context, string image)
    {
        var runner = new WorkloadRunner(
            new CommandLineEngine(context),
            WorkloadPlaces.Of(context.Workspace),
            OfContainer(context),
            context.Interruption.Token
        );
        var judge = new WorkloadJudge(runner, context.Workloads, WorkloadFiles.Of(context.Workspace), new CakeReporter(context));
        return [.. context.Workloads.Select(w => judge.Judge(w, image, "same as image"))];
    }

    /// <summary>
    /// What the recipe says of a container, such as the address to listen on; what the programs themselves need, their starters must set.
    /// </summary>
    private static Dictionary<string, string> OfContainer(BuildContext context)
    {
        var starters = context.Recipe.Packages?.Environment ?? new Dictionary<string, string>();
        return context.Recipe.Image.Environment.Where(e => !starters.ContainsKey(e.Key)).ToDictionary();
    }
}
