using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Matching;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Whether an Ollama runs on a ROCm, from what lies on disk. Only files are read: no engine, no root, and no lock.</summary>
[TaskName("RocmMatch")]
[TaskDescription("Tells whether this machine's Ollama runs on its ROCm")]
public sealed class RocmMatch : FrostingTask<BuildContext>
{
    private const string Example = "./build.sh --target=RocmMatch --ollama=/usr/local --rocm=/opt/rocm";

    public override void Run(BuildContext context)
    {
        var root = Folder(context, Arguments.Root) ?? "/";
        var (ollama, rocm) = (Folder(context, Arguments.Ollama), Folder(context, Arguments.Rocm));
        var tree = new MachineTree(root, new[] { ollama, rocm }.OfType<string>());
        MatchReport report;
        try
        {
            report = MatchReport.Of(
                context.Book.Ollama,
                context.Book.Hosts,
                tree,
                ollama is null ? null : tree.PathOf(ollama),
                rocm is null ? null : tree.PathOf(rocm)
            );
        }
        catch (MatchException error)
        {
            throw new CakeException($"{error.Message}, for instance {Example}");
        }

        // Spectre's console would break the lines, also those to copy.
        foreach (var line in MatchText.Lines(report))
            context.CommandLine.Output.WriteLine(line);
        if (context.Flag(Arguments.Json))
        {
            RecordFile.Write(context.Paths.Match(".json"), report);
            AtomicFile.WriteText(context.Paths.Match(".md"), MatchMarkdown.Of(report));
            AtomicFile.WriteText(context.Paths.Match(".html"), MatchPage.Of(report));
            context.CommandLine.Output.WriteLine($"Written: {context.Paths.Show(context.Paths.Match(".json"))}, match.md, match.html");
        }

        if (report.Decision.Recommended is null)
            throw new CakeException(report.Decision.Sentence);
    }

    private static string? Folder(BuildContext context, string argument)
    {
        if (context.Value(argument) is not { } given)
            return null;
        var folder = context.FromCaller(given);
        return Directory.Exists(folder)
            ? folder
            : throw new CakeException($"--{argument} names {folder}, which is no folder; for instance {Example}");
    }
}
