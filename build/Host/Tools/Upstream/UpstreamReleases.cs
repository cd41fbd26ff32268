using Cake.Core;
using Gfxbake.Host.Tools.GitHub;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Pins;
using Octokit;

namespace Gfxbake.Host.Tools.Upstream;

/// <summary>Reads the releases of a program's repository, and what commit a tag names.</summary>
internal sealed class UpstreamReleases(BuildContext context)
{
    private const int PageSize = 100,
        Tries = 3,
        CommitDigits = 40;

    // llama.cpp makes several builds a day between two stable releases; 1,000 of them are months.
    private const int MostPages = 10;

    private readonly Lazy<GitHubAccess> github = new(() => GitHubAccess.ToRead(context));
    private readonly Dictionary<(string, string), UpstreamName?> newest = [];
    private readonly Dictionary<(string, string), string> commits = [];

    /// <summary>The newest release whose tag the pattern takes; null when none of the last 1,000 has one.</summary>
    /// <exception cref="CakeException">GitHub did not answer, or the address is not GitHub's.</exception>
    public UpstreamName? Newest(WatchedPin pin)
    {
        var key = (pin.Address, pin.Watch.Match);
        if (!newest.TryGetValue(key, out var found))
            newest[key] = found = Find(Name(pin.Address), pin.Watch);
        return found;
    }

    /// <summary>The commit that a tag leads to; GitHub follows annotated tags to it.</summary>
    /// <exception cref="CakeException">GitHub did not answer, or not with a commit.</exception>
    public string Commit(string repository, string tag)
    {
        if (commits.TryGetValue((repository, tag), out var known))
            return known;
        var name = Name(repository);
        var commit = github.Value.Ask(
            $"read the tag {tag} of {name}",
            () => github.Value.Client.Repository.Commit.Get(name.Owner, name.Name, "tags/" + tag),
            Tries
        );
        return commits[(repository, tag)] = UpstreamNames.IsHex(commit.Sha ?? "", CommitDigits)
            ? commit.Sha!
            : throw new CakeException($"{repository}: what GitHub says of the tag {tag} is no commit");
    }

    private UpstreamName? Find(GitHubName name, UpstreamWatch watch)
    {
        for (var page = 1; page <= MostPages; page++)
        {
            var options = new ApiOptions
            {
                StartPage = page,
                PageCount = 1,
                PageSize = PageSize,
            };
            var releases = github.Value.Ask(
                $"list the releases of {name}",
                () => github.Value.Client.Repository.Release.GetAll(name.Owner, name.Name, options),
                Tries
            );
            // The list is newest first, so a page with any has the newest.
            if (
                UpstreamNames.Newest(
                    watch,
                    releases.Where(r => r is { TagName: not null, Draft: false, Prerelease: false }).Select(r => r.TagName)
                ) is
                { } found
            )
            {
                return found;
            }

            if (releases.Count < PageSize)
                break;
        }

        return null;
    }

    private static GitHubName Name(string address) =>
        GitHubName.OfAddress(address)
        ?? throw new CakeException($"{address} is no https://github.com/owner/name; only GitHub's releases can be asked");
}
