using System.Text.RegularExpressions;

namespace Gfxbake.Recipes.Model;

/// <summary>Where newer versions of something that a recipe pins are announced; CheckUpstream asks there.</summary>
public sealed record UpstreamWatch
{
    /// <summary>Pin that consists of a tag and its commit.</summary>
    public const string Source = "source";

    /// <summary>Pin that consists of an address and the SHA-256 of what lies there.</summary>
    public const string Archive = "archive";

    /// <summary>The group of Match that holds the version.</summary>
    public const string VersionGroup = "version";

    /// <summary>What is pinned: "source", "archive", or the key of a value that is a version itself, such as "args.ROCM_VERSION".</summary>
    public required string Pin { get; init; }

    /// <summary>Address of a page that lists files or folders; left out for "source", whose repository's releases are asked.</summary>
    public string? Index { get; init; }

    /// <summary>
    /// Regular expression over a whole name (a release's tag, a file, a folder with its '/'); the group "version" is the version.
    /// </summary>
    public required string Match { get; init; }

    /// <summary>Whether --update writes what was found; else it is only shown.</summary>
    public bool Update { get; init; } = true;

    /// <summary>What is wrong with it, each with the key it is about.</summary>
    public IEnumerable<(string Key, string Message)> Problems()
    {
        if (Pin is Source && Index is not null)
            yield return ("index", "the newest tag of a source comes from its repository's releases; leave index out");
        if (Pin is not Source && Index is null)
            yield return ("pin", $"'{Pin}' needs an index, the address of a page that lists its versions");
        if (Index is not null && !IsAddress(Index))
            yield return ("index", $"'{Index}' must be an https address that ends in '/'");
        if (!HasVersion(Match))
            yield return ("match", $"'{Match}' must be a regular expression with a group (?<{VersionGroup}>…)");
    }

    /// <summary>Plain http only on this machine itself: a listing decides what is downloaded and pinned.</summary>
    public static bool IsTrusted(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private static bool IsAddress(string text) =>
        text.EndsWith('/') && Uri.TryCreate(text, UriKind.Absolute, out var address) && IsTrusted(address) && address.Query.Length == 0;

    private static bool HasVersion(string pattern)
    {
        try
        {
            return new Regex(pattern).GetGroupNames().Contains(VersionGroup);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
