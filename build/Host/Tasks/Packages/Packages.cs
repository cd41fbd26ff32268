using Cake.Frosting;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Packages;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Outputs.Package;
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
        AnsiConsole.WriteLine(context.Paths.Show(context.Paths.Packages) + "/");
        foreach (var format in PackageStep.Formats)
        {
            var record = context.Need<PackageRecord>(
                context.Paths.PackageRecord(format),
                char.ToUpperInvariant(format[0]) + format[1..] + "Package"
            );
            AnsiConsole.WriteLine($"  {PlainText.Visible(record.File)}");
            AnsiConsole.WriteLine(
                $"    {record.Bytes / 1e6:N1} MB, installed {record.InstalledBytes / 1e6:N1} MB, {record.Workloads.Count} workloads as in the image"
            );
            AnsiConsole.WriteLine($"    sha256:{record.Sha256}");
        }
    }
}
