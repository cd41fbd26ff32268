using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Verify;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Gives the verified image its name: only an image that was run gets it.</summary>
[TaskName("MinimalImage")]
[TaskDescription("Makes the minimal image, with all steps before it")]
[IsDependentOn(typeof(VerifyMinimal))]
public sealed class MinimalImage : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) => context.Interruption.Guard(() => Name(context));

    private static void Name(BuildContext context)
    {
        context.Interruption.Lock(context);
        var candidate = context.Need<MinimalRecord>(context.Paths.CandidateRecord, "MinimalCandidate");
        var verify = RecordFile.TryRead<VerifyRecord>(context.Paths.VerifyRecord);
        var record = candidate with
        {
            Image = context.PublicImage("minimal"),
            Verified = verify is { Passed: true } && verify.ImageId == candidate.ImageId,
        };
        if (!record.Verified && !context.Flag(Arguments.SkipVerify))
        {
            throw new CakeException(
                $"the pruned image is not verified; run {context.Command("VerifyMinimal")}, or accept that with --skip-verify"
            );
        }
        context.TagImage(record.ImageId, record.Image);
        RecordFile.Write(context.Paths.MinimalRecord, record);
        var full = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage");
        context.Information(
            "{0}: {1:N0} MB in {2:N0} files, from {3:N0} MB in {4:N0} ({5:P0} smaller), {6}",
            record.Image,
            record.Size.Content.FileBytes / 1e6,
            record.Size.Content.Files,
            full.Size.Content.FileBytes / 1e6,
            full.Size.Content.Files,
            1 - ((double)record.Size.Content.FileBytes / full.Size.Content.FileBytes),
            record.Verified ? "verified " + verify!.Machines : "NOT VERIFIED (--skip-verify)"
        );
        if (context.Variant.Rocr is { } rocr)
            context.Information("{0}", RocrText.Line(context.Book.Hosts, context.Recipe.Gpu, rocr.Version));
        foreach (var line in new RunCommand(context).Lines(record.Image))
            context.Information("{0}", line);
    }
}
