using Cake.Common.Diagnostics;
using Cake.Frosting;
using Gfxbake.Host.Exports;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>
/// Writes the minimal image for tools other than docker and podman: an OCI archive whose layers are compressed one by one.
/// </summary>
[TaskName("Export")]
[TaskDescription("Writes the minimal image as an OCI archive: --format=oci")]
[IsDependentOn(typeof(SaveMinimalImage))]
public sealed class Export : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            // There is one so far; a docker-archive is SaveMinimalImage's.
            _ = context.Value(Arguments.Format);
            context.Interruption.Lock(context);
            var target = OciExport.Write(context);
            context.Information(
                "  {0}  {1:N1} MB, image id and layers as in the engine",
                context.Paths.Show(target),
                new FileInfo(target).Length / 1e6
            );
        });
}
