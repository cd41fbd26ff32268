using Cake.Common;
using Cake.Core;
using Cake.Core.IO;

namespace Gfxbake.Host.Tools;

/// <summary>Runs the git program for what Cake.Git has no alias: shallow fetches and lists of files.</summary>
public static class Git
{
    /// <summary>What a git command printed.</summary>
    public sealed record Answer(int Status, IReadOnlyList<string> Output, IReadOnlyList<string> Errors);

    /// <exception cref="CakeException">There is no git.</exception>
    public static Answer Run(ICakeContext context, string folder, params IEnumerable<string> words)
    {
        var git = context.Tools.Resolve("git") ?? throw new CakeException("git is missing; install git");
        var settings = new ProcessSettings
        {
            Arguments = EngineAliases.Words(words),
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Nobody is there to type a password, and no helper of a protocol that a recipe names is to run.
            EnvironmentVariables = new Dictionary<string, string?>
            {
                ["GIT_TERMINAL_PROMPT"] = "0",
                ["GIT_ALLOW_PROTOCOL"] = "https:file",
                ["LC_ALL"] = "C",
            },
        };
        var status = context.StartProcess(git, settings, out var output, out var errors);
        return new Answer(status, [.. output], [.. errors]);
    }
}
