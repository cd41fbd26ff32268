using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Exports;
using Gfxbake.Pipeline.Outputs.Sizes;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Compares the exported images below artifacts/images; needs no engine.</summary>
[TaskName("CompareExports")]
[TaskDescription("Compares the exports' sizes; fails over the budget")]
public sealed class CompareExports : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            context.Interruption.LockFiles(context);
            var comparison = SizeComparison.Open(context);
            var exports = ExportFiles.Rows(context, comparison.Full, comparison.Minimal);
            if (exports.All(e => e.Bytes is null))
            {
                var folder = context.Paths.Show(context.Paths.Images);
                throw new CakeException(
                    "none of the exports is there; each has a target:\n"
                        + string.Join('\n', exports.Select(e => $"  {folder}/{e.Name}  {context.Command(e.Target)}"))
                );
            }

            comparison.Publish([.. Engine(context, comparison), .. exports]);
        });

    /// <summary>
    /// What CompareDocker learned of these very images, so that the later of the two does not forget the earlier's figures.
    /// </summary>
    private static IEnumerable<SizeRow> Engine(BuildContext context, SizeComparison comparison) =>
        RecordFile.TryRead<SizeReport>(context.Paths.SizesRecord) is { } old
        && old.FullImageId == comparison.Full.ImageId
        && old.MinimalImageId == comparison.Minimal.ImageId
            ? old.Rows.Where(r => r.Kind == SizeKind.Engine)
            : [];
}
