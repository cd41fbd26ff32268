using Cake.Core;
using Cake.Core.IO;

namespace Cake.Git;

/// <summary>Questions about a repository; the real package asks libgit2, this one the git program.</summary>
public static class GitAliases
{
    /// <summary>The commit that is checked out.</summary>
    public static GitCommit GitLogTip(this ICakeContext context, DirectoryPath repositoryDirectoryPath) =>
        new(AskTop(context, repositoryDirectoryPath, "rev-parse", "--verify", "HEAD").Single());

    /// <summary>Whether files differ from the commit, or are not in it and not ignored.</summary>
    public static bool GitHasUncommitedChanges(this ICakeContext context, DirectoryPath path) =>
        AskTop(context, path, "status", "--porcelain").Count > 0;

    // libgit2 is given a path and takes it for the repository itself; git would look for one above it.
    private static List<string> AskTop(ICakeContext context, DirectoryPath repository, params string[] words) =>
        Ask(context, repository, "rev-parse", "--show-prefix") is [""] or []
            ? Ask(context, repository, words)
            : throw new CakeException($"{repository.FullPath} is not a repository's top folder");

    private static List<string> Ask(ICakeContext context, DirectoryPath repository, params string[] words)
    {
        var arguments = new ProcessArgumentBuilder();
        foreach (var word in words)
            arguments.Append(word);
        var settings = new ProcessSettings
        {
            Arguments = arguments,
            WorkingDirectory = repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var git = context.Tools.Resolve("git") ?? throw new CakeException("git is not on PATH");
        using var process = context.ProcessRunner.Start(git, settings);
        process.WaitForExit();
        var output = process.GetStandardOutput().ToList();
        return process.GetExitCode() == 0
            ? output
            : throw new CakeException(
                $"git {string.Join(' ', words)} in {repository.FullPath}: {string.Join(' ', process.GetStandardError())}"
            );
    }
}

/// <summary>A commit.</summary>
public sealed class GitCommit
{
    internal GitCommit(string sha) => Sha = sha.Trim();

    /// <summary>Its full name, 40 hex digits.</summary>
    public string Sha { get; }
}
