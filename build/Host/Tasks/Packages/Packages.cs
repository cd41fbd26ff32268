using Cake.Frosting;
using Gfxbake.Core.Records;
using Gfxbake.Host.Steps;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Packages;

/// <summary>All packages of a recipe's variant, and what they weigh.</summary>
[TaskName("Packages")]
[TaskDescription("Builds and tries the Arch and the Fedora package")]
[IsDependentOn(typeof(ArchPackage))]
[IsDependentOn(typeof(FedoraPackage))]
public sealed class Packages : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        foreach (var format in new[] { "arch", "fedora" })
        {
            var record = context.Need<PackageRecord>(context.Paths.PackageRecord(format), char.ToUpperInvariant(format[0]) + format[1..] + "Package");
            AnsiConsole.WriteLine($"  {record.Bytes / 1e6,9:N1} MB, installed {record.InstalledBytes / 1e6:N1} MB");
            AnsiConsole.WriteLine($"    {context.Paths.Show(Path.Combine(context.Paths.Packages, record.File))}");
            AnsiConsole.WriteLine($"    sha256:{record.Sha256}");
        }
    }
}
