using System.Globalization;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Gguf;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>Tells what a model takes of memory, without loading it.</summary>
[TaskName("FitModel")]
[TaskDescription("Tells whether a model fits: --file=M.gguf --ctx=8192")]
public sealed class FitModel : FrostingTask<BuildContext>
{
    private const string Example = "./build.sh --target=FitModel --file=model.gguf --ctx=8192,32768";

    // LLAMA_MAX_SEQ of llama.cpp.
    private const int MostSequences = 256;
    private const long MostContext = 1 << 27;

    public override void Run(BuildContext context)
    {
        var file = context.Value(Arguments.File) ?? throw Missing(Arguments.File);
        var contexts = Contexts(context.Value(Arguments.Contexts) ?? throw Missing(Arguments.Contexts));
        var facts = context.Book.ModelMemory;
        var types = Types(context.Value(Arguments.CacheTypes), facts);
        var sequences = context.Value(Arguments.Parallel) is { } count ? Sequences(count)!.Value : facts.Cache.Sequences;
        var path = context.FromCaller(file);
        if (!File.Exists(path))
            throw new CakeException($"--file={file}: {path} is {(Directory.Exists(path) ? "a directory" : "not there")}; name a GGUF file");
        try
        {
            var given = context.Value(Arguments.Memory) is { } size ? ByteCount.TryParse(size) : null;
            var memory = given is { } bytes ? new MachineMemory(bytes.Bytes, "--memory") : MachineMemory.Of("/");
            var fit = ModelFit.Of(GgufModel.Open(path), facts, new FitQuestion(contexts, types, sequences));
            var (name, margin) = (Path.GetFileName(path), facts.Margin.Bytes);
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

    /// <summary>What is wrong with --ctx, as the rest of a sentence.</summary>
    public static string? WrongContexts(string text) =>
        text.Split(',').All(c => Context(c) is not null)
            ? null
            : $" is '{text}'; it is numbers of tokens with commas, each from 1 to {MostContext}, for instance 8192,32768";

    /// <summary>What is wrong with --parallel, as the rest of a sentence.</summary>
    public static string? WrongParallel(string text) =>
        Sequences(text) is null ? $" is '{text}'; it is a number of sequences from 1 to {MostSequences}" : null;

    private static int? Sequences(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MostSequences
            ? count
            : null;

    private static long[] Contexts(string text) => [.. text.Split(',').Select(c => Context(c)!.Value).Distinct()];

    private static long? Context(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens is > 0 and <= MostContext
            ? tokens
            : null;

    private static string[] Types(string? text, ModelMemoryFacts facts)
    {
        string[] types = [.. (text ?? "f16").Split(',').Distinct()];
        return types.Except(facts.Cache.Types).FirstOrDefault() is not { } unknown
            ? types
            : throw new CakeException(
                $"--{Arguments.CacheTypes}={text}: unknown type '{unknown}'; known: {string.Join(", ", facts.Cache.Types)}"
            );
    }

    private static CakeException Missing(string argument) => new($"FitModel needs --{argument}=, for instance {Example}");
}
