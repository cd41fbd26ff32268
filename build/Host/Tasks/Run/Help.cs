using Cake.Core;
using Cake.Frosting;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>What there is to run.</summary>
[TaskName("Help")]
[TaskDescription("Lists the targets and arguments, with examples")]
public sealed class Help : FrostingTask<ICakeContext>
{
    public override void Run(ICakeContext context)
    {
        AnsiConsole.WriteLine("gfxbake: small, verified ROCm images of language-model runtimes\n\nTargets");
        foreach (var (name, text) in TaskList.All) AnsiConsole.WriteLine($"  {name,-18} {text}");
        AnsiConsole.WriteLine("\nArguments");
        foreach (var (name, text) in Arguments.Known) AnsiConsole.WriteLine($"  {"--" + name,-18} {text}");
        AnsiConsole.WriteLine("""

            Examples
              ./build.sh --target=MinimalImage --provision
              ./build.sh --target=Why --path=/usr/lib/x86_64-linux-gnu/libLLVM.so.21.1
              ./build.sh --target=VerifyMinimal --exclusive
              ./build.sh --target=MinimalImage --tree
            """);
    }
}
