using System.Runtime.Serialization;
using System.Text.Json;
using Cake.Common;
using Cake.Core;
using Gfxbake.Formats.Text;
using Octokit;

namespace Gfxbake.Host.Tools.GitHub;

/// <summary>GitHub's API, asked with patience and with errors that say what to do.</summary>
internal sealed class GitHubAccess
{
    public const string TokenVariable = "GITHUB_TOKEN";

    /// <summary>Where GitHub Actions says that the API is; on GitHub Enterprise it is another host.</summary>
    public const string ApiVariable = "GITHUB_API_URL";

    /// <summary>Setting of cake.config, for a server that stands in for api.github.com.</summary>
    public const string ApiSetting = "Gfxbake_GitHubApi";

    private const string PublicApi = "https://api.github.com/";

    private readonly BuildContext context;

    private GitHubAccess(BuildContext context, Uri api, string? token)
    {
        (this.context, Api, Token) = (context, api, token);
        Client = new GitHubClient(new ProductHeaderValue("gfxbake", new ProjectVersion().GetVersion()), api);
        if (token is not null)
            Client.Credentials = new Credentials(token);
    }

    public Uri Api { get; }

    /// <summary>For uploads, which do not go through the client.</summary>
    public string? Token { get; }

    public GitHubClient Client { get; }

    /// <summary>
    /// The public GitHub, for reading; a token is sent along where it is one for that host, because it raises the rate limit.
    /// </summary>
    public static GitHubAccess ToRead(BuildContext context)
    {
        var api = new Uri(context.Configuration.GetValue(ApiSetting) ?? PublicApi);
        return new GitHubAccess(context, api, Home(context).Host == api.Host ? ReadToken(context) : null);
    }

    /// <summary>The GitHub that this build belongs to, for writing.</summary>
    /// <exception cref="CakeException">There is no token.</exception>
    public static GitHubAccess ToWrite(BuildContext context) =>
        new(
            context,
            Home(context),
            ReadToken(context)
                ?? throw new CakeException(
                    $"{TokenVariable} is not set; Release needs a token that may write the repository's contents, "
                        + "from the environment only (--dryrun needs none)"
                )
        );

    /// <summary>Makes a request until it is answered, or another try is of no use.</summary>
    /// <param name="what">Words for messages: "list the releases of x/y".</param>
    /// <param name="call">The request.</param>
    /// <param name="tries">How often at most.</param>
    /// <exception cref="CakeException">GitHub refused, or did not answer.</exception>
    public T Ask<T>(string what, Func<Task<T>> call, int tries = Retry.MostTries)
    {
        try
        {
            // Octokit gives null for a body that does not call itself JSON.
            return new Retry(context) { Tries = tries }.Run(
                what,
                () => call().WaitAsync(context.Interruption.Token).GetAwaiter().GetResult() ?? throw new JsonException("no JSON")
            );
        }
        catch (Exception error) when ((IsOfTheNetwork(error) || IsUnreadable(error)) && !context.Interruption.Requested)
        {
            throw new CakeException(Explain(what, error), error);
        }
    }

    private static bool IsOfTheNetwork(Exception error) =>
        error is ApiException or HttpRequestException or IOException or TaskCanceledException;

    /// <summary>What Octokit 14 throws at an answer that is no JSON, or JSON of another shape: each was seen.</summary>
    private static bool IsUnreadable(Exception error) =>
        error
            is SerializationException
                or JsonException
                or FormatException
                or InvalidCastException
                or OverflowException
                or ArgumentException
                or NullReferenceException;

    private string Explain(string what, Exception error) =>
        $"cannot {what}: "
        + (
            error switch
            {
                AuthorizationException =>
                    $"GitHub does not take the token (401: {PlainText.Line(error.Message)}); put a valid one into {TokenVariable}",
                NotFoundException => $"not found at {Api.Host} (404); is the name right, and may the token see it?",
                ApiException limit when RateLimit.Is(limit) =>
                    $"the rate limit is used up ({PlainText.Line(error.Message)}){Until(limit)}; run the same command again then"
                        + (context.EnvironmentVariable(TokenVariable) is null ? $", or set {TokenVariable}" : ""),
                ForbiddenException => $"the token may not do that (403: {PlainText.Line(error.Message)}); it needs 'contents: write'",
                ApiValidationException refused => $"GitHub refuses it (422: {PlainText.Line(error.Message)}{Details(refused)})",
                ApiException answer =>
                    $"{Api.Host} answers {(int)answer.StatusCode} ({PlainText.Line(error.Message)}); run the same command again later",
                HttpRequestException { StatusCode: { } status } => $"GitHub answers {(int)status} ({PlainText.Line(error.Message)}); "
                    + "run the same command again later, it goes on where this one stopped",
                _ when IsUnreadable(error) =>
                    $"{Api.Host} answers with something else than GitHub's JSON ({PlainText.Line(error.Message)}); "
                        + "is there a proxy in between? Run the same command again later",
                _ => $"{Api.Host} does not answer: {PlainText.Line(error.Message)}",
            }
        );

    private static string Until(ApiException limit) =>
        RateLimit.Left(limit, DateTimeOffset.UtcNow) is { } left ? $" until {DateTimeOffset.UtcNow + left:yyyy-MM-dd HH:mm} UTC" : "";

    private static string Details(ApiValidationException error) =>
        string.Concat(
            (error.ApiError.Errors ?? []).Select(e =>
                $"; {PlainText.Line(string.Join(' ', new[] { e.Field, e.Code, e.Message }.Where(w => !string.IsNullOrEmpty(w))))}"
            )
        );

    private static string? ReadToken(BuildContext context) =>
        context.EnvironmentVariable(TokenVariable)?.Trim() is { Length: > 0 } token ? token : null;

    private static Uri Home(BuildContext context)
    {
        var text = context.EnvironmentVariable(ApiVariable) is { Length: > 0 } given
            ? given
            : context.Configuration.GetValue(ApiSetting) ?? PublicApi;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && Gfxbake.Recipes.Model.UpstreamWatch.IsTrusted(address)
            ? address
            : throw new CakeException($"{ApiVariable} is '{text}'; it must be an https address");
    }
}
