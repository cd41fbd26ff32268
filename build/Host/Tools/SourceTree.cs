using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Git;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tools;

/// <summary>
/// The code that a variant compiles: a local checkout (--source), or the recipe's tag, fetched once and checked against its commit.
/// </summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Files">Its files and links, relative, sorted; nothing of git and nothing that git ignores.</param>
/// <param name="Version">The tag, or of a local checkout its commit.</param>
/// <param name="Commit">What was fetched; null for a local folder, which may change.</param>
public sealed record SourceTree(string Folder, IReadOnlyList<string> Files, string Version, string? Commit = null)
{
    private const int ShortCommit = 12;

    /// <summary>Makes sure that the code of a source is there.</summary>
    /// <exception cref="CakeException">It can't be fetched, or is not what the recipe says.</exception>
    public static SourceTree Fetched(BuildContext context, SourceCode source)
    {
        var folder = context.Paths.Source(source);
        if (!Directory.Exists(folder))
        {
            Fetch(context, source, folder);
        }
        else if (Tip(context, folder) != source.Commit || context.GitHasUncommitedChanges(folder))
        {
            throw new CakeException(
                $"{context.Paths.Show(folder)} is not as it was fetched\n"
                    + $"Next: rm -r {context.Paths.Show(folder)} to fetch it again, "
                    + $"or use it as it is with --source={ShellText.Quote(folder)}"
            );
        }

        return new SourceTree(folder, Tracked(context, folder), source.Tag, source.Commit);
    }

    /// <summary>Digest of names and contents; a commit says the same of a fetched tree without reading it.</summary>
    public string Fingerprint() =>
        Commit ?? Gfxbake.Formats.Files.Fingerprint.Of(Files.ToDictionary(f => f, f => OfEntry(Path.Combine(Folder, f))));

    /// <summary>Copies the files; links stay links, wherever they point.</summary>
    public void CopyTo(string folder)
    {
        foreach (var file in Files)
        {
            var from = new FileInfo(Path.Combine(Folder, file));
            var to = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (from.LinkTarget is { } target)
                File.CreateSymbolicLink(to, target);
            else
                from.CopyTo(to);
        }
    }

    private static string OfEntry(string path) =>
        new FileInfo(path).LinkTarget is { } target ? "-> " + target : Gfxbake.Formats.Files.Fingerprint.OfFile(path);

    /// <summary>A local checkout as it is now.</summary>
    public static SourceTree Local(BuildContext context, string folder)
    {
        if (!IsRepository(context, folder))
            return new SourceTree(folder, SourceFiles.Below(folder), "local");
        if (Tip(context, folder) is not { } commit)
            return new SourceTree(folder, Tracked(context, folder), "local");
        return new SourceTree(
            folder,
            Tracked(context, folder),
            commit[..ShortCommit] + (context.GitHasUncommitedChanges(folder) ? "-dirty" : "")
        );
    }

    /// <summary>Whether the folder is a repository's top folder; one inside of another repository is none itself.</summary>
    private static bool IsRepository(BuildContext context, string folder) =>
        Git.Run(context, folder, "rev-parse", "--show-prefix") is { Status: 0, Output: [""] or [] };

    /// <summary>
    /// The commit that is checked out; null without one. Cake.Git throws at folders inside of a repository, and at a repository without
    /// commits.
    /// </summary>
    private static string? Tip(BuildContext context, string folder) =>
        IsRepository(context, folder) && Git.Run(context, folder, "rev-parse", "--verify", "--quiet", "HEAD").Status == 0
            ? context.GitLogTip(folder).Sha
            : null;

    private static List<string> Tracked(BuildContext context, string folder)
    {
        var answer = Git.Run(context, folder, "-c", "core.quotePath=false", "ls-files", "--cached", "--others", "--exclude-standard");
        if (answer.Status != 0)
            throw new CakeException($"git ls-files in {folder} failed: {string.Join(' ', answer.Errors)}");
        // A quoted name holds a line break or the like; no build needs one. A listed file may be deleted.
        return
        [
            .. answer
                .Output.Where(f =>
                    f.Length > 0
                    && f[0] != '"'
                    && (File.Exists(Path.Combine(folder, f)) || new FileInfo(Path.Combine(folder, f)).LinkTarget is not null)
                )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    private static void Fetch(BuildContext context, SourceCode source, string folder)
    {
        context.Information("  fetching {0} {1} from {2}", source.Name, source.Tag, source.Repository);
        var partial = folder + AtomicFile.PartialEnding;
        Folders.Empty(partial);
        Need(context, source, partial, "init", "--quiet");
        Need(
            context,
            source,
            partial,
            "-c",
            "http.lowSpeedLimit=1000",
            "-c",
            "http.lowSpeedTime=60",
            "fetch",
            "--quiet",
            "--depth",
            "1",
            "--no-tags",
            source.Repository,
            $"refs/tags/{source.Tag}"
        );
        var commit = Need(context, source, partial, "rev-parse", "--verify", "FETCH_HEAD^{commit}")[0].Trim();
        if (commit != source.Commit)
        {
            throw new CakeException(
                $"the tag {source.Tag} of {source.Repository} is commit {commit}, but the recipe says {source.Commit}\n"
                    + $"Next: find out why the tag moved; then correct source.tag and source.commit in {FileOf(context, source)} together"
            );
        }

        Need(
            context,
            source,
            partial,
            "-c",
            "advice.detachedHead=false",
            "-c",
            "core.autocrlf=false",
            "checkout",
            "--quiet",
            "--detach",
            commit
        );
        Directory.Move(partial, folder);
    }

    /// <summary>Where the pins of a source stand.</summary>
    private static string FileOf(BuildContext context, SourceCode source) =>
        source.From is { } from
            ? context.Book.FileOf(context.Recipe.Name, $"sources.{from}.tag")
            : context.Book.FileOf(context.Recipe.Name, $"variants.{context.VariantName}.source.tag");

    private static IReadOnlyList<string> Need(BuildContext context, SourceCode source, string folder, params IEnumerable<string> words)
    {
        var answer = Git.Run(context, folder, words);
        context.Interruption.ThrowIfRequested();
        if (answer.Status == 0)
            return answer.Output;
        var said = string.Join('\n', answer.Errors.TakeLast(3).Select(l => "  " + l));
        throw DiskFull.OrOther(
            answer.Errors.Any(NoSpace.IsSaidIn),
            answer.Errors.Any(l => l.Contains("couldn't find remote ref", StringComparison.Ordinal))
                ? $"{source.Repository} has no tag {source.Tag}\nNext: correct source.tag and source.commit in {FileOf(context, source)}"
                : $"git could not fetch {source.Name} {source.Tag} from {source.Repository}:\n{said}\n"
                    + $"Next: check the network, or give a checkout with --{Arguments.Source}=DIR"
        );
    }
}
