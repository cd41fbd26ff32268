using Cake.Common.Diagnostics;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tasks.Images;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Sbom;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Lists what remains in the minimal image: packages, licences, files, and files that no package owns.</summary>
[TaskName("Sbom")]
[TaskDescription("Lists packages, licences and files: SPDX and CycloneDX")]
[IsDependentOn(typeof(MinimalImage))]
public sealed class Sbom : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            context.Interruption.Lock(context);
            var document = Read(context);
            AtomicFile.Write(context.Paths.SpdxSbom, stream => SpdxWriter.Write(document, stream));
            AtomicFile.Write(context.Paths.CycloneDxSbom, stream => CycloneDxWriter.Write(document, stream));
            context.Information(
                "Sbom: {0:N0} packages with {1:N0} files, {2:N0} files that no package owns ({3}, {4})",
                document.Packages.Count,
                document.Packages.Sum(p => p.Files.Count),
                document.Unowned.Count,
                context.Paths.Show(context.Paths.SpdxSbom),
                context.Paths.Show(context.Paths.CycloneDxSbom)
            );
            var unclear = document.Packages.Where(p => p.Licence.Expression is null).Select(p => p.Name).ToList();
            if (unclear.Count > 0)
                context.Information("  no machine-readable licence: {0}", Printable(string.Join(", ", unclear)));
        });

    private static SbomDocument Read(BuildContext context)
    {
        var minimal = context.Need<MinimalRecord>(context.Paths.MinimalRecord, nameof(MinimalImage));
        var tool = new ProjectVersion().GetVersion();
        return StepRecords.OfStep(() =>
            MinimalSbom.Read(
                MinimalSbom.Subject(context.Workspace, tool),
                context.Paths,
                context.ReadPlan(),
                minimal,
                context.Interruption.Token
            )
        );
    }

    // The names are the image's, and may hold what a terminal obeys.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
