using System.Text.RegularExpressions;

namespace Gfxbake.Host.Tools.GitHub;

/// <summary>A repository on GitHub.</summary>
internal sealed partial record GitHubName(string Owner, string Name)
{
    public override string ToString() => $"{Owner}/{Name}";

    /// <summary>Reads owner/name; null for anything else.</summary>
    public static GitHubName? TryParse(string text) =>
        Form().Match(text) is { Success: true } match && match.Groups["name"].Value is not ("." or "..")
            ? new GitHubName(match.Groups["owner"].Value, match.Groups["name"].Value)
            : null;

    /// <summary>Reads https://github.com/owner/name, with or without .git; null for anything else.</summary>
    public static GitHubName? OfAddress(string address)
    {
        const string github = "https://github.com/";
        if (!address.StartsWith(github, StringComparison.Ordinal))
            return null;
        var name = address[github.Length..].TrimEnd('/');
        return TryParse(name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name);
    }

    [GeneratedRegex(@"\A(?<owner>[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))/(?<name>[A-Za-z0-9._-]{1,100})\z")]
    private static partial Regex Form();
}
