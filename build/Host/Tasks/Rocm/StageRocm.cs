using Cake.Frosting;
using Gfxbake.Host.Rocm;
using Gfxbake.Host.Steps;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Unpacks a distribution's ROCm into a folder of artifacts/; nothing is installed.</summary>
[TaskName("StageRocm")]
[TaskDescription("Unpacks ROCm's packages into artifacts/: --from=DIR")]
public sealed class StageRocm : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) => new RocmStager(context).Run();
}
