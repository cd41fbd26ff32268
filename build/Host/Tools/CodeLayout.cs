using Cake.Common;
using Cake.Core;
using Cake.Core.IO;

namespace Gfxbake.Host.Tools;

/// <summary>
/// Whether the code is laid out as CSharpier does it. It remembers files that are, so that it takes no second where none changed.
/// </summary>
public static class CodeLayout
{
    private const int MostLines = 40;

    /// <exception cref="CakeException">Files that are not, with what differs; or the tool is not to be had.</exception>
    public static void Check(BuildContext context)
    {
        Run(
            context,
            "dotnet tool restore brings no CSharpier",
            "run it by hand; .config/dotnet-tools.json names the version",
            "tool",
            "restore"
        );
        Run(
            context,
            "the code is not laid out as CSharpier does it",
            "dotnet csharpier format .",
            "csharpier",
            "check",
            "--use-cache",
            "."
        );
    }

    private static void Run(BuildContext context, string problem, string next, params string[] words)
    {
        var arguments = new ProcessArgumentBuilder();
        foreach (var word in words)
            arguments.Append(word);
        var status = context.StartProcess(
            "dotnet",
            new ProcessSettings
            {
                Arguments = arguments,
                WorkingDirectory = context.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            out var output,
            out var errors
        );
        // CSharpier's errors name the files; what follows them is only a count.
        if (status != 0)
            throw new CakeException($"{problem}:\n{string.Join('\n', errors.Concat(output).Take(MostLines))}\nNext: {next}");
    }
}
