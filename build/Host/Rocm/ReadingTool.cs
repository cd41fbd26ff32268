using Cake.Common;
using Cake.Core.IO;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Downgrade;

namespace Gfxbake.Host.Rocm;

/// <summary>Starts a command that only reads, with what it says in English.</summary>
internal static class ReadingTool
{
    /// <exception cref="DowngradeException">There is no such program.</exception>
    public static ToolAnswer Run(BuildContext context, IReadOnlyList<string> words)
    {
        context.Interruption.ThrowIfRequested();
        var program =
            context.Tools.Resolve(words[0])
            ?? throw new DowngradeException($"{words[0]} is missing on this machine, and it would be asked");
        var settings = new ProcessSettings
        {
            Arguments = EngineAliases.Words(words.Skip(1)),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            EnvironmentVariables = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
        };
        var status = context.StartProcess(program, settings, out var output, out var errors);
        return new(status, [.. output], [.. errors]);
    }
}
