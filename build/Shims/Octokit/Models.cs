using System.Text.Json.Serialization;

namespace Octokit;

// Setters are private, as in the real package: what compiles here compiles there.
public class Release
{
    [JsonInclude]
    public string HtmlUrl { get; private set; } = "";

    /// <summary>A URI template that ends in {?name,label}.</summary>
    [JsonInclude]
    public string UploadUrl { get; private set; } = "";

    [JsonInclude]
    public long Id { get; private set; }

    [JsonInclude]
    public string TagName { get; private set; } = "";

    [JsonInclude]
    public string? Body { get; private set; }

    [JsonInclude]
    public bool Draft { get; private set; }

    [JsonInclude]
    public bool Prerelease { get; private set; }
}

public class NewRelease(string tagName)
{
    public string TagName { get; } = tagName;

    public string? TargetCommitish { get; set; }

    public string? Name { get; set; }

    public string? Body { get; set; }

    public bool Draft { get; set; }
}

public class ReleaseUpdate
{
    public string? Name { get; set; }

    public string? Body { get; set; }

    public bool? Draft { get; set; }
}

public class GitHubCommit
{
    [JsonInclude]
    public string Sha { get; private set; } = "";
}

public class ApiError
{
    public ApiError()
    {
    }

    public ApiError(string message) => Message = message;

    [JsonInclude]
    public string? Message { get; private set; }

    [JsonInclude]
    public IReadOnlyList<ApiErrorDetail>? Errors { get; private set; }
}

public class ApiErrorDetail
{
    [JsonInclude]
    public string? Message { get; private set; }

    [JsonInclude]
    public string? Code { get; private set; }

    [JsonInclude]
    public string? Field { get; private set; }
}
