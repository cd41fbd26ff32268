namespace Gfxbake.Host.Tools;

/// <summary>Which state of this repository a build was made from.</summary>
internal static class GitRevision
{
    // What --record itself writes does not make another revision of the build that it records.
    private static readonly string[] Recorded =
    [
        ":(exclude)" + Gfxbake.Pipeline.Outputs.Sizes.SizeHistory.FileName,
        ":(exclude)recipes/*/sizes-*.txt",
    ];

    /// <summary>What follows a commit that the files differ from.</summary>
    public const string Dirty = "-dirty";

    /// <summary>The full commit, or null outside of git.</summary>
    public static string? Commit(BuildContext context) => Ask(context, "rev-parse", "HEAD") is [var line, ..] ? line.Trim() : null;

    /// <summary>The full commit, with "-dirty" when files differ from it; "unknown" outside of git.</summary>
    public static string Of(BuildContext context)
    {
        if (Commit(context) is not { } commit)
            return "unknown";
        return Ask(context, ["status", "--porcelain", "--", ".", .. Recorded]) is { Count: 0 } ? commit : commit + Dirty;
    }

    /// <summary>
    /// The commit that last changed what images are made of, as of a commit; null outside of git. A commit of docs alone makes no other
    /// image.
    /// </summary>
    public static string? OfImages(BuildContext context, string commit = "HEAD") =>
        Ask(context, ["log", "-1", "--format=%H", commit, "--", "build", "docker", "recipes", .. Recorded]) is [var line, ..]
            ? line.Trim()
            : null;

    private static IReadOnlyList<string>? Ask(BuildContext context, params IEnumerable<string> words)
    {
        if (context.Tools.Resolve("git") is null)
            return null;
        var answer = Git.Run(context, context.Root, words);
        return answer.Status == 0 ? answer.Output : null;
    }
}
