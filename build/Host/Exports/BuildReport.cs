using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Report;
using Gfxbake.Pipeline.Outputs.Sizes;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Exports;

/// <summary>Reads what one build came to out of its records.</summary>
internal static class BuildReport
{
    /// <exception cref="CakeException">Something is missing, or of another build.</exception>
    public static ReportData Read(BuildContext context)
    {
        var full = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage");
        var minimal = context.Need<MinimalRecord>(context.Paths.MinimalRecord, "MinimalImage");
        var plan = context.ReadPlan();
        // With --exclusive the plan may be newer than the image.
        if (minimal.Inputs.GetValueOrDefault("plan.json") != Fingerprint.OfFile(context.Paths.Plan))
        {
            throw new CakeException(
                $"{context.Paths.Show(context.Paths.MinimalRecord)} was built from another plan than "
                    + $"{context.Paths.Show(context.Paths.Plan)}; {context.RunFirst("MinimalImage")}"
            );
        }

        if (!File.Exists(context.Paths.FullTar))
            throw new CakeException($"{context.Paths.Show(context.Paths.FullTar)} is missing; {context.RunFirst("FullImage")}");
        using var image = ImageFileSystem.Open(context.Paths.FullTar);
        return ReportData.Of(
            plan,
            full,
            minimal,
            ImagePackages.Read(image).OwnerOf,
            new ReportHeading(context.Recipe.Name, context.VariantName, GitRevision.Commit(context)),
            History(context),
            ReportNumbers.Of(VerifyFile.Read(context.Paths).Record, minimal.ImageId)
        ) with
        {
            Beside = NumberSheet.Read(context.Recipe, context.Paths),
            Running = ReportRunning.Read(context.Paths),
            Forms = ProvenForms.Read(context.Paths.ProvenForms, full.Files),
        };
    }

    private static List<ReportHistoryRow> History(BuildContext context)
    {
        try
        {
            var rows = File.Exists(context.Paths.SizeHistory) ? SizeHistory.Parse(File.ReadAllText(context.Paths.SizeHistory)).Rows : [];
            return
            [
                .. rows.Where(r => r.Recipe == context.Recipe.Name && r.Variant == context.VariantName)
                    .Select(r => new ReportHistoryRow(r.Date.ToString("yyyy-MM-dd"), r.Revision, r.Versions, r.Full, r.Minimal, r.Zst)),
            ];
        }
        catch (SizeFormatException error)
        {
            throw new CakeException(error.Message);
        }
    }
}
