namespace Octokit;

public class RepositoriesClient
{
    internal RepositoriesClient(ApiConnection connection) => (Release, Commit) = (new ReleasesClient(connection), new RepositoryCommitsClient(connection));

    public ReleasesClient Release { get; }

    public RepositoryCommitsClient Commit { get; }
}

public class ReleasesClient
{
    private readonly ApiConnection connection;

    internal ReleasesClient(ApiConnection connection) => this.connection = connection;

    /// <summary>Newest first; drafts only for who may push.</summary>
    public Task<IReadOnlyList<Release>> GetAll(string owner, string name, ApiOptions options) => connection.GetAll<Release>(Releases(owner, name), options);

    public async Task<Release> Create(string owner, string name, NewRelease data) => await Send<Release>(HttpMethod.Post, Releases(owner, name), data).ConfigureAwait(false);

    public async Task<Release> Edit(string owner, string name, long id, ReleaseUpdate data)
        => await Send<Release>(HttpMethod.Patch, Releases(owner, name, $"/{id}"), data).ConfigureAwait(false);

    public Task DeleteAsset(string owner, string name, int assetId) => connection.Connection.Send<object>(HttpMethod.Delete, Releases(owner, name, $"/assets/{assetId}"));

    private async Task<T> Send<T>(HttpMethod method, Uri uri, object data) => (await connection.Connection.Send<T>(method, uri, data).ConfigureAwait(false)).Body!;

    private static Uri Releases(string owner, string name, string rest = "") => new($"repos/{owner}/{name}/releases{rest}", UriKind.Relative);
}

public class RepositoryCommitsClient
{
    private readonly ApiConnection connection;

    internal RepositoryCommitsClient(ApiConnection connection) => this.connection = connection;

    /// <param name="owner">The repository's owner.</param>
    /// <param name="name">Its name.</param>
    /// <param name="reference">A commit, heads/BRANCH or tags/TAG; of an annotated tag GitHub answers the commit that it points at.</param>
    public async Task<GitHubCommit> Get(string owner, string name, string reference)
        => (await connection.Connection.Send<GitHubCommit>(HttpMethod.Get, new Uri($"repos/{owner}/{name}/commits/{reference}", UriKind.Relative)).ConfigureAwait(false)).Body!;
}
