using Cake.Common.Diagnostics;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Exports;
using Gfxbake.Host.Tasks.Images;
using Gfxbake.Pipeline.Outputs.Report;

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
            var data = BuildReport.Read(context);
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
            foreach (var line in NumberSheetText.Lines(data.Beside))
                context.Information("{0}", line);
        });
}
