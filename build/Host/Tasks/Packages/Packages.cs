using Cake.Frosting;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Packages;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Outputs.Package;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Packages;

/// <summary>All packages of a recipe's variant, one for each format of packages.yml, and what they weigh.</summary>
[TaskName("Packages")]
[TaskDescription("Builds and tries a package of every format")]
[IsDependentOn(typeof(PackageBundle))]
public sealed class Packages : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        var formats = context.Book.Packaging.Formats;
        foreach (var format in formats.Keys)
            new OfFormat(format).Run(context);
        AnsiConsole.WriteLine(context.Paths.Show(context.Paths.Packages) + "/");
        foreach (var (name, format) in formats)
        {
            var record = context.Need<PackageRecord>(context.Paths.PackageRecord(name), format.Target);
            AnsiConsole.WriteLine($"  {PlainText.Visible(record.File)}");
            AnsiConsole.WriteLine(
                $"    {record.Bytes / 1e6:N1} MB, installed {record.InstalledBytes / 1e6:N1} MB, "
                    + $"{record.Workloads.Count} workloads as in the image"
            );
            AnsiConsole.WriteLine($"    sha256:{record.Sha256}");
        }
    }

    // A format needs no class to be built; one with a class is a target of its own besides.
    private sealed class OfFormat(string format) : PackageTask(format);
}
