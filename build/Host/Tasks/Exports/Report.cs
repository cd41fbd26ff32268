using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Dpkg;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tasks.Images;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Report;
using Gfxbake.Pipeline.Outputs.Sizes;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Draws what one build came to, for people.</summary>
[TaskName("Report")]
[TaskDescription("Writes report.html and sizes.svg of the minimal image")]
[IsDependentOn(typeof(MinimalImage))]
public sealed class Report : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            context.Interruption.LockFiles(context);
            var data = Read(context);
            // A few hundred kilobytes, always written: there is nothing to win by leaving it out.
            AtomicFile.Write(context.Paths.Report, stream => ReportPage.Write(data, stream));
            AtomicFile.WriteText(context.Paths.SizesSvg, SizesSvg.Of(data));
            context.Information(
                "{0}: {1:N0} paths, {2:N0} kB; {3}",
                context.Paths.Show(context.Paths.Report),
                data.Paths.Count,
                new FileInfo(context.Paths.Report).Length / 1e3,
                context.Paths.Show(context.Paths.SizesSvg)
            );
        });

    private static ReportData Read(BuildContext context)
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
            PackageOwners.Read(image).Find,
            new ReportHeading(context.Recipe.Name, context.VariantName, GitRevision.Commit(context)),
            History(context),
            ReportNumbers.Of(RecordFile.TryRead<VerifyRecord>(context.Paths.VerifyRecord), minimal.ImageId)
        );
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
