using Cake.Common;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Core.Ci;
using Gfxbake.Core.Records;

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
        Console.Out.WriteLine(text);
        if (context.Argument(Arguments.Output, "") is { Length: > 0 } output) AtomicFile.WriteText(Path.GetFullPath(output, context.Root), text + "\n");
        if (context.EnvironmentVariable(StepOutput) is { Length: > 0 } file) Append(Path.GetFullPath(file, context.Root), $"matrix={text}\n");
    }

    private static IReadOnlyList<MatrixEntry> Entries(BuildContext context)
    {
        var recipes = context.HasArgument(Arguments.Recipe) ? [context.Recipe] : context.Book.ReadAll();
        if (context.Argument(Arguments.Variant, "") is { Length: > 0 } only)
            recipes = [.. recipes.Select(r => r with { Variants = r.Variants.Where(v => v.Key == only).ToDictionary() })];
        try
        {
            return CiMatrix.Of(recipes, Scope(context.Argument(Arguments.What, "all")), v => Fingerprint.OfFile(Path.Combine(context.Root, v.Dockerfile)));
        }
        catch (MatrixException exception)
        {
            throw new CakeException(exception.Message);
        }
    }

    private static MatrixScope Scope(string what)
        => Enum.GetValues<MatrixScope>().Cast<MatrixScope?>().FirstOrDefault(s => string.Equals(s.ToString(), what, StringComparison.OrdinalIgnoreCase)) ?? throw new CakeException(
            $"unknown --{Arguments.What}={what}; known: {string.Join(", ", Enum.GetNames<MatrixScope>().Select(n => n.ToLowerInvariant()))}");

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
