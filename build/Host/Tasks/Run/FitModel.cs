using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Gguf;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>Tells what a model takes of memory, without loading it.</summary>
[TaskName("FitModel")]
[TaskDescription("Tells whether a model fits: --file=M.gguf --ctx=8192")]
public sealed class FitModel : FrostingTask<BuildContext>
{
    private const string Example = "./build.sh --target=FitModel --file=model.gguf --ctx=8192,32768";

    public override void Run(BuildContext context)
    {
        var file = context.Value(Arguments.File) ?? throw Missing(Arguments.File);
        var contexts = context.Value(Arguments.Contexts) ?? throw Missing(Arguments.Contexts);
        var (facts, types) = (context.Book.ModelMemory, context.Value(Arguments.CacheTypes));
        if (FitQuestion.WrongTypes(types, facts) is { } wrong)
            throw new CakeException($"--{Arguments.CacheTypes}{wrong}");
        var question = FitQuestion.Of(contexts, types, context.Value(Arguments.Parallel), facts);
        var path = context.FromCaller(file);
        if (!File.Exists(path))
            throw new CakeException($"--file={file}: {path} is {(Directory.Exists(path) ? "a directory" : "not there")}; name a GGUF file");
        try
        {
            var given = context.Value(Arguments.Memory) is { } size ? ByteCount.TryParse(size) : null;
            var memory = given is { } bytes ? new MachineMemory(bytes.Bytes, "--memory") : MachineMemory.Of(context.Machine);
            var fit = ModelFit.Of(GgufModel.Open(path), facts, question);
            var (name, margin) = (Path.GetFileName(path), facts.Margin.Bytes);
            if (context.Flag(Arguments.Record))
                AtomicFile.WriteText(Path.Combine(context.Paths.Fits, name + ".json"), FitTable.Json(name, fit, memory, margin));
            // Spectre's console would break the lines at 80 columns.
            context.CommandLine.Output.WriteLine(
                context.Flag(Arguments.Json)
                    ? FitTable.Json(name, fit, memory, margin)
                    : string.Join('\n', FitTable.Lines(name, fit, memory, margin))
            );
        }
        catch (Exception error) when (error is GgufFormatException or FitException or IOException or UnauthorizedAccessException)
        {
            throw new CakeException($"--file={file}: {error.Message}");
        }
    }

    private static CakeException Missing(string argument) => new($"FitModel needs --{argument}=, for instance {Example}");
}
