using Cake.Core;
using Cake.Frosting;

namespace Gfxbake.Host;

/// <summary>Checks the command line before anything runs, and gives the lock back at the end.</summary>
public sealed class BuildLifetime : FrostingLifetime<BuildContext>
{
    public override void Setup(BuildContext context, ISetupContext info) => Arguments.Check(context.Arguments);

    public override void Teardown(BuildContext context, ITeardownContext info)
    {
        context.Interruption.ParkIfRequested();
        context.Interruption.Release();
    }
}
