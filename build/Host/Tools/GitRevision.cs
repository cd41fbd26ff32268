using Cake.Common;
using Cake.Core.IO;

namespace Gfxbake.Host.Tools;

/// <summary>Which state of this repository a build was made from.</summary>
internal static class GitRevision
{
    // What --record itself writes does not make another revision of the build that it records.
    private static readonly string[] Recorded = [":(exclude)" + Core.Sizes.SizeHistory.FileName, ":(exclude)recipes/*/sizes-*.txt"];

    /// <summary>The full commit, or null outside of git.</summary>
    public static string? Commit(BuildContext context) => Git(context, "rev-parse", "HEAD")?.FirstOrDefault()?.Trim();

    /// <summary>The full commit, with "-dirty" when files differ from it; "unknown" outside of git.</summary>
    public static string Of(BuildContext context)
    {
        if (Commit(context) is not { } commit) return "unknown";
        return Git(context, ["status", "--porcelain", "--", ".", .. Recorded]) is { Count: 0 } ? commit : commit + "-dirty";
    }

    private static List<string>? Git(BuildContext context, params IEnumerable<string> words)
    {
        if (context.Tools.Resolve("git") is not { } git) return null;
        var settings = new ProcessSettings { Arguments = EngineAliases.Words(words), WorkingDirectory = context.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        var status = context.StartProcess(git, settings, out var lines);
        return status == 0 ? [.. lines] : null;
    }
}
