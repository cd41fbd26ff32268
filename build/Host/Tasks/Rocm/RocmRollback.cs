using Cake.Frosting;
using Gfxbake.Host.Rocm;
using Gfxbake.Host.Steps;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Takes back what RocmSwitch made, also what an interrupted one left.</summary>
[TaskName("RocmRollback")]
[TaskDescription("Takes back what RocmSwitch made, and nothing else")]
public sealed class RocmRollback : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) => RocmSwitcher.Of(context).Rollback();
}
