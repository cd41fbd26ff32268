using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Serving;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Units;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>Writes the files with which other programs run a model in the image, or with the package: compose, quadlet, …</summary>
[TaskName("Units")]
[TaskDescription("Writes compose, quadlet, systemd, … --model=gpt-oss-20b")]
public sealed class Units : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context)
    {
        var models = new UnitModels(context);
        var formats = models.Formats();
        var set = models.Set();
        foreach (var note in models.Notes)
            Console.Error.WriteLine(note);
        var path = context.Value(Arguments.Output) is { } output ? context.FromCaller(output) : context.Paths.Units;
        try
        {
            var files = new UnitFiles(context.Paths.UnitTemplates, context.Book.Units).Fill(formats, set, context.IsRoot);
            var folder = new UnitFolder(path);
            // Spectre's console would break the lines, also those to copy.
            if (DryRun.Asked(context))
            {
                foreach (var (file, change) in folder.Changes(files))
                    Console.Out.WriteLine($"==> {file.Name} ({change.ToString().ToLowerInvariant()})\n{file.Text}");
                return;
            }

            folder.Write(files, context.Flag(Arguments.Force));
            foreach (var line in UnitText.Lines(path, files))
                Console.Out.WriteLine(line);
        }
        catch (Exception error) when (error is UnitException or IOException or UnauthorizedAccessException)
        {
            throw new CakeException(error.Message);
        }
    }
}
