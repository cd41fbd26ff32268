using System.Net;
using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Pipeline.Outputs.Release;
using Octokit;

namespace Gfxbake.Host.Tools.GitHub;

/// <summary>What a release is to be.</summary>
/// <param name="Repository">Where.</param>
/// <param name="Tag">Its tag; GitHub makes it when the release is published.</param>
/// <param name="Commit">What the tag names.</param>
/// <param name="Notes">Its text; begins with the marker.</param>
/// <param name="Marker">What tells our drafts from others'.</param>
/// <param name="Parts">Its assets.</param>
internal sealed record ReleasePlan(
    GitHubName Repository,
    string Tag,
    string Commit,
    string Notes,
    string Marker,
    IReadOnlyList<ReleasePart> Parts
);

/// <summary>
/// Makes a release, or goes on with one that was interrupted: a draft until every asset is there and right, then published.
/// </summary>
internal sealed class ReleasePublisher(BuildContext context, GitHubAccess github, AssetUpload upload, ReleasePlan plan)
{
    private const int PageSize = 100;

    // GitHub's own limit is 1,000 assets, and one release for each build of ours is a long way from this.
    private const int MostPages = 100;

    private string Where => $"{plan.Repository} {plan.Tag}";

    /// <returns>The published release's page.</returns>
    /// <exception cref="CakeException">GitHub refuses, or something is there that is not ours.</exception>
    public string Publish()
    {
        CheckTag();
        var release = Find() ?? Create();
        if (!release.Draft)
            return AlreadyPublished(release);
        foreach (var foreign in Assets(release).Where(a => plan.Parts.All(p => p.Name != a.Name)))
            Delete(foreign, "it is of an earlier build");
        var address = AssetUpload.Address(release.UploadUrl, github.Client.Connection.BaseAddress);
        foreach (var part in plan.Parts)
            Bring(release, address, part);
        var problems = Problems(Assets(release)).ToList();
        if (problems.Count > 0)
        {
            throw new CakeException(
                $"{Where} stays a draft, because GitHub's list of it is not right:\n"
                    + $"{string.Join('\n', problems.Select(p => "  " + p))}\nNext: run the same command again."
            );
        }

        var update = new ReleaseUpdate
        {
            Name = plan.Tag,
            Body = plan.Notes,
            Draft = false,
        };
        return github
            .Ask(
                $"publish {Where}",
                () => github.Client.Repository.Release.Edit(plan.Repository.Owner, plan.Repository.Name, release.Id, update)
            )
            .HtmlUrl;
    }

    /// <summary>GitHub takes a tag that is there as it is, whatever commit the release names.</summary>
    private void CheckTag()
    {
        string? commit;
        try
        {
            commit = github
                .Ask(
                    $"read the tag {plan.Tag} of {plan.Repository}",
                    () => github.Client.Repository.Commit.Get(plan.Repository.Owner, plan.Repository.Name, "tags/" + plan.Tag)
                )
                .Sha;
        }
        catch (CakeException error) when (error.InnerException is NotFoundException or ApiValidationException)
        {
            // Of a commit that is not there GitHub says 422 ("No commit found for SHA"), of a repository that is not there 404.
            return;
        }

        if (commit != plan.Commit)
        {
            throw new CakeException(
                $"the tag {plan.Tag} of {plan.Repository} names {commit}, and this build was made of {plan.Commit}; "
                    + $"choose another --{Arguments.Tag}="
            );
        }
    }

    private Release? Find()
    {
        // A draft has no address by its tag, so all releases are listed.
        var all = github.Ask(
            $"list the releases of {plan.Repository}",
            () =>
                github.Client.Repository.Release.GetAll(
                    plan.Repository.Owner,
                    plan.Repository.Name,
                    new ApiOptions { PageSize = PageSize, PageCount = MostPages }
                )
        );
        var found = all.Where(r => r?.TagName == plan.Tag).OrderBy(r => r.Draft).ToList();
        if (found.Count == 0 || !found[0].Draft)
            return found.FirstOrDefault();
        var ours = found.Where(r => r.Body?.StartsWith(plan.Marker, StringComparison.Ordinal) == true).ToList();
        return ours.Count == 1 && found.Count == 1
            ? ours[0]
            : throw new CakeException(
                $"{plan.Repository} has {found.Count} drafts for {plan.Tag}, {ours.Count} of them made by gfxbake; "
                    + $"delete them, or choose another --{Arguments.Tag}="
            );
    }

    private Release Create()
    {
        var tries = 0;
        context.Information("  new draft {0}", Where);
        return github.Ask(
            $"create the release {Where}",
            async () =>
            {
                // An answer that got lost may have been a success, and GitHub allows two drafts of one tag.
                if (tries++ > 0 && Find() is { } made)
                    return made;
                return await github
                    .Client.Repository.Release.Create(
                        plan.Repository.Owner,
                        plan.Repository.Name,
                        new NewRelease(plan.Tag)
                        {
                            TargetCommitish = plan.Commit,
                            Name = plan.Tag,
                            Body = plan.Notes,
                            Draft = true,
                        }
                    )
                    .ConfigureAwait(false);
            }
        );
    }

    private string AlreadyPublished(Release release)
    {
        var problems = Problems(Assets(release)).ToList();
        if (problems.Count > 0)
        {
            throw new CakeException(
                $"{Where} is published, and differs from this build:\n{string.Join('\n', problems.Select(p => "  " + p))}\n"
                    + $"A published release is not changed: choose another --{Arguments.Tag}=, or make it a draft again on GitHub."
            );
        }

        context.Information("{0} is published already, with these very files", Where);
        return release.HtmlUrl;
    }

    private void Bring(Release release, Uri address, ReleasePart part)
    {
        var first = true;
        var there = Assets(release).FirstOrDefault(a => a.Name == part.Name);
        if (there?.Problem(part) is { } problem)
        {
            Delete(there, problem);
        }
        else if (there is not null)
        {
            context.Information("  {0}: there already", part.Name);
            return;
        }

        Transfer.Run(
            "uploading " + part.Name,
            part.Length,
            progress =>
                github.Ask(
                    $"upload {part.Name}",
                    () =>
                    {
                        if (!first && Settle(release, part) is { } done)
                            return Task.FromResult(done);
                        first = false;
                        return Send(address, part, progress);
                    }
                )
        );
        context.Information("  {0}: uploaded, {1:N1} MB", part.Name, part.Length / 1e6);
    }

    private async Task<RemoteAsset> Send(Uri address, ReleasePart part, IProgress<long> progress)
    {
        var asset = await upload.Send(address, part, progress, context.Interruption.Token).ConfigureAwait(false);
        if (asset.Name != part.Name)
        {
            throw new CakeException(
                $"GitHub renamed {part.Name} to {asset.Name}; give the file a name of letters, digits, '.', '_' and '-'"
            );
        }

        return asset.Problem(part) is { } problem ? throw new IOException($"after the upload {problem}") : asset;
    }

    /// <summary>After an upload that broke: what is there is either right after all, or in the way.</summary>
    private RemoteAsset? Settle(Release release, ReleasePart part)
    {
        if (Assets(release).FirstOrDefault(a => a.Name == part.Name) is not { } left)
            return null;
        if (left.Problem(part) is not { } problem)
            return left;
        Delete(left, problem);
        return null;
    }

    private IEnumerable<string> Problems(IReadOnlyList<RemoteAsset> assets) =>
        plan
            .Parts.Select(p =>
                (p.Name, Problem: assets.FirstOrDefault(a => a.Name == p.Name) is { } asset ? asset.Problem(p) : "it is missing")
            )
            .Where(p => p.Problem is not null)
            .Select(p => $"{p.Name}: {p.Problem}");

    // Broken uploads are listed here only, not in the release itself.
    private IReadOnlyList<RemoteAsset> Assets(Release release)
    {
        var list = new Uri($"repos/{plan.Repository.Owner}/{plan.Repository.Name}/releases/{release.Id}/assets", UriKind.Relative);
        var assets = github.Ask(
            $"list the assets of {Where}",
            () =>
                new ApiConnection(github.Client.Connection).GetAll<RemoteAsset>(
                    list,
                    new ApiOptions { PageSize = PageSize, PageCount = MostPages }
                )
        );
        return [.. assets.Where(a => a?.Name is not null)];
    }

    private void Delete(RemoteAsset asset, string why)
    {
        context.Information("  {0}: deleted on GitHub, because {1}", asset.Name, why);
        github.Ask(
            $"delete {asset.Name}",
            async () =>
            {
                try
                {
                    await github
                        .Client.Repository.Release.DeleteAsset(plan.Repository.Owner, plan.Repository.Name, asset.Id)
                        .ConfigureAwait(false);
                }
                catch (NotFoundException)
                {
                    // Gone is gone.
                }

                return HttpStatusCode.NoContent;
            }
        );
    }
}
