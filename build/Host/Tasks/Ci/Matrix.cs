using Cake.Common;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Outputs.Matrix;

namespace Gfxbake.Host.Tasks.Ci;

/// <summary>What CI builds, from the recipes alone: workflows hold no lists.</summary>
[TaskName("Matrix")]
[TaskDescription("Prints recipes × variants as JSON for GitHub's fromJSON")]
public sealed class Matrix : FrostingTask<BuildContext>
{
    /// <summary>GitHub reads NAME=VALUE lines from the file that this variable names.</summary>
    private const string StepOutput = "GITHUB_OUTPUT";

    public override void Run(BuildContext context)
    {
        var text = CiMatrix.Text(Entries(context));
        // Spectre's console would break the line at 80 columns.
        context.CommandLine.Output.WriteLine(text);
        if (context.Value(Arguments.Output) is { } output)
            AtomicFile.WriteText(context.FromCaller(output), text + "\n");
        if (context.EnvironmentVariable(StepOutput) is { Length: > 0 } file)
            Append(Path.GetFullPath(file, context.Root), $"matrix={text}\n");
    }

    private static IReadOnlyList<MatrixEntry> Entries(BuildContext context)
    {
        var recipes = context.HasArgument(Arguments.Recipe) ? [context.Recipe] : context.Book.ReadAll();
        if (context.Value(Arguments.Variant) is { } only)
            recipes = [.. recipes.Select(r => r with { Variants = r.Variants.Where(v => v.Key == only).ToDictionary() })];
        try
        {
            return CiMatrix.Of(
                recipes,
                Enum.Parse<MatrixScope>(context.Value(Arguments.What, nameof(Matrix)) ?? nameof(MatrixScope.All), ignoreCase: true),
                v => Fingerprint.OfFile(Path.Combine(context.Root, v.Dockerfile))
            );
        }
        catch (MatrixException exception)
        {
            throw new CakeException(exception.Message);
        }
    }

    private static void Append(string file, string line)
    {
        try
        {
            File.AppendAllText(file, line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CakeException($"${StepOutput} names {file}, which can't be written: {error.Message}");
        }
    }
}
