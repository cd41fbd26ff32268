namespace Octokit;

/// <summary>The part of GitHub's REST API that the tasks use, as Octokit names it.</summary>
public class GitHubClient
{
    private static readonly Uri Public = new("https://api.github.com/");

    private readonly Connection connection;

    /// <param name="productInformation">What the User-Agent header says; GitHub refuses requests without one.</param>
    /// <param name="baseAddress">GitHub itself, or the host of a GitHub Enterprise, whose API lies below /api/v3/.</param>
    public GitHubClient(ProductHeaderValue productInformation, Uri baseAddress)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        connection = new Connection(productInformation, baseAddress.Host is "github.com" or "api.github.com" ? Public : new Uri(baseAddress, "/api/v3/"));
        Repository = new RepositoriesClient(new ApiConnection(connection));
    }

    public IConnection Connection => connection;

    public Credentials Credentials
    {
        get => connection.Credentials;
        set => connection.Credentials = value;
    }

    public RepositoriesClient Repository { get; }
}

/// <summary>Name and version of the program that asks.</summary>
public class ProductHeaderValue(string name, string version)
{
    private readonly System.Net.Http.Headers.ProductHeaderValue value = new(name, version);

    public override string ToString() => value.ToString();
}

public class Credentials
{
    public static readonly Credentials Anonymous = new();

    public Credentials(string token) => Password = token;

    private Credentials() => Password = "";

    /// <summary>The token.</summary>
    public string Password { get; }
}
