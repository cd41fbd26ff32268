using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Outputs.Export;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Exports;

/// <summary>A target that writes one image to a file; it is named after its class.</summary>
public abstract class SaveTask(string kind, string ending) : StepTask<ExportInput, ExportRecord>
{
    protected sealed override Step<ExportInput, ExportRecord> Of(BuildContext context) => new ExportStep(GetType().Name, kind, ending);
}
