using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Serving;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>Whether a machine can run the recipe. Only files are read: no engine, no root, and no lock.</summary>
[TaskName("Doctor")]
[TaskDescription("Tells whether this machine is fit for the recipe")]
public sealed class Doctor : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        var root = context.FromCaller(context.Value(Arguments.Root) ?? "/");
        if (!Directory.Exists(root))
            throw new CakeException($"--{Arguments.Root} names {root}, which is no folder");
        var report = MachineCheck.Of(context, new HostTree(root));
        // Spectre's console would break the lines, also those to copy.
        foreach (var line in HostText.Lines(report))
            Console.Out.WriteLine(line);
        if (context.Value(Arguments.Output) is { } picture)
            AtomicFile.WriteText(context.FromCaller(picture), TextPicture.Of($"Doctor: {report.Recipe}", [.. HostText.Lines(report)]));
        if (context.Flag(Arguments.Json))
        {
            RecordFile.Write(context.Paths.Doctor, report);
            Console.Out.WriteLine($"Written: {context.Paths.Show(context.Paths.Doctor)}");
        }

        if (!report.Works)
            throw new CakeException($"{report.Recipe}, variant {report.Variant}: {HostText.Verdict(report)}");
    }
}
