using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Rocm;
using Gfxbake.Host.Steps;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Gives Ollama another ROCm beside the one that it brings, tries it, and takes it back if that fails.</summary>
[TaskName("RocmSwitch")]
[TaskDescription("Gives Ollama another ROCm, undone if it fails: --to=…")]
public sealed class RocmSwitch : FrostingTask<BuildContext>, IDryRun
{
    private const string Example = "./build.sh --target=RocmSwitch --to=system --dryrun";

    public override void Run(BuildContext context)
    {
        var to = context.Value(Arguments.To) ?? throw new CakeException($"RocmSwitch needs --{Arguments.To}=, for instance {Example}");
        RocmSwitcher.Of(context).Switch(to);
    }
}
