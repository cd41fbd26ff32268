using Cake.Frosting;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tasks.Ci;

/// <summary>The tests for between two edits: whatever machine has the SDK can run them, in less than a minute.</summary>
[TaskName("UnitTest")]
[TaskDescription("Runs the tests that need no engine, image or download")]
public sealed class UnitTest : FrostingTask<BuildContext>
{
    /// <summary>Categories of the tests that need more than the SDK; tests/Shared/Needs.cs says what each stands for.</summary>
    public static IReadOnlyList<string> LeftOut { get; } = ["Engine", "Compiler", "Browser", "MinimalImage", "Linter", "Python", "Nightly"];

    public override void Run(BuildContext context)
    {
        string[] filters = [.. LeftOut.Select(DotNetTests.Without)];
        DotNetTests.RunAtOnce(
            context,
            string.Join('&', context.Value(Arguments.Filter) is { } filter ? [.. filters, $"({filter})"] : filters)
        );
    }
}
