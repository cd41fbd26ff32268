using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Packages;

/// <summary>A target that makes packages of one format.</summary>
/// <param name="format">Name of a format of recipes/_shared/packages.yml.</param>
public abstract class PackageTask(string format) : StepTask<PackageInput, PackageRecord>
{
    public string Format => format;

    protected sealed override Step<PackageInput, PackageRecord> Of(BuildContext context) =>
        new PackageStep(format, context.Book.Packaging.Format(format).Target, new Bases(context));
}
