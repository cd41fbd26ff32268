using Gfxbake.Pipeline.Outputs.Release;

namespace Gfxbake.Host.Tools.GitHub;

/// <summary>
/// An asset as GitHub lists it. Octokit's own type has no digest, and its size is an int. Public setters, because Octokit fills them.
/// </summary>
public sealed class RemoteAsset
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    public long Size { get; set; }

    /// <summary>
    /// "uploaded"; "starter" is left of an upload that broke (https://docs.github.com/rest/releases/assets#upload-a-release-asset).
    /// </summary>
    public string State { get; set; } = "";

    /// <summary>"sha256:" and 64 hex digits; GitHub Enterprise servers before 3.18 have none.</summary>
    public string? Digest { get; set; }

    /// <summary>Why it is not the part that it should be; null when it is.</summary>
    public string? Problem(ReleasePart part) =>
        State != "uploaded" ? $"its upload broke (state '{State}')"
        : Size != part.Length ? $"it has {Size} bytes, not {part.Length}"
        : Digest is { } digest && digest != "sha256:" + part.Sha256 ? $"its digest is {digest}, not sha256:{part.Sha256}"
        : null;
}
