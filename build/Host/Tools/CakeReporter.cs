using Cake.Common.Diagnostics;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>Says what a step says through Cake's log.</summary>
public sealed class CakeReporter(BuildContext context) : IReporter
{
    // Cake would take braces for places of arguments.
    public void Say(string line) => context.Information("{0}", line);

    public void Warn(string line) => context.Warning("{0}", line);

    public void Transfer(string what, long bytes, Action<IProgress<long>> work) => Tools.Transfer.Run(what, bytes, work);
}
