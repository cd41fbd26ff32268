using Cake.Core;
using Cake.Frosting;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>What there is to run.</summary>
[TaskName("Help")]
[TaskDescription("Lists the targets and arguments, with examples")]
public sealed class Help : FrostingTask<ICakeContext>
{
    private static readonly (string Name, string Text)[] OfCake =
    [
        ("target", "what to do; ./build.sh TARGET means the same"),
        ("exclusive", "without the targets that it depends on"),
        ("dryrun", "says what would run or change, and does nothing"),
        ("tree", "what depends on what"),
        ("verbosity", "quiet, minimal, normal, verbose or diagnostic"),
        ("help", "this; so does --target=Help"),
    ];

    public override void Run(ICakeContext context)
    {
        AnsiConsole.WriteLine(
            "gfxbake: small, verified ROCm images of language-model runtimes\n\nUse: ./build.sh --target=TARGET [--argument=value …]\n"
                + "\nTargets"
        );
        foreach (var (name, text) in TaskList.All)
            AnsiConsole.WriteLine($"  {name, -18} {text}");
        AnsiConsole.WriteLine("\nArguments");
        foreach (var (name, text) in OfCake.Concat(Arguments.Known.Select(a => (a.Key, a.Value.Text))))
            AnsiConsole.WriteLine($"  {"--" + name, -18} {text}");
        AnsiConsole.WriteLine(
            """

            Examples
              ./build.sh --target=MinimalImage --provision
              ./build.sh --target=Why --path=/usr/lib/x86_64-linux-gnu/libLLVM.so.21.1
              ./build.sh --target=VerifyMinimal --exclusive
              ./build.sh --target=MinimalImage --tree
              ./build.sh --target=UnitTest --filter=Name~Tar
            """
        );
    }
}
