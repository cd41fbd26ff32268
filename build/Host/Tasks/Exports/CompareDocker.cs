using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Exports;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Outputs.Sizes;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Compares the images, as the engine counts them and as the sum of their files: engines count differently.</summary>
[TaskName("CompareDocker")]
[TaskDescription("Compares the images' sizes; fails over the budget")]
public sealed class CompareDocker : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            context.Interruption.Lock(context);
            var comparison = SizeComparison.Open(context);
            List<SizeRow> images =
            [
                Row(context, SizeSubject.Full, comparison.Full.Image, comparison.Full.ImageId, "FullImage"),
                Row(context, SizeSubject.Minimal, comparison.Minimal.Image, comparison.Minimal.ImageId, "MinimalImage"),
            ];
            if (images.All(i => i.Bytes is null))
            {
                throw new CakeException(
                    $"the engine has neither {images[0].Name} nor {images[1].Name}; run {context.Command("MinimalImage")} first"
                );
            }

            comparison.Publish([.. images, .. ExportFiles.Rows(context, comparison.Full, comparison.Minimal)]);
        });

    // By id: another checkout may have the name.
    private static SizeRow Row(BuildContext context, SizeSubject subject, string image, string id, string target) =>
        new(subject, SizeKind.Engine, image, context.ImageBytes(id), null, target);
}
