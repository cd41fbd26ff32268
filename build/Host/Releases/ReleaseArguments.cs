using System.Globalization;
using Cake.Common;
using Cake.Core;
using Gfxbake.Host.Tools.GitHub;
using Gfxbake.Pipeline.Outputs.Release;

namespace Gfxbake.Host.Releases;

/// <summary>Where a release goes and what it is called, as the command line and the settings say.</summary>
internal static class ReleaseArguments
{
    /// <summary>Setting of cake.config: bytes of the largest asset, where a server allows less than GitHub.</summary>
    public const string LargestSetting = "Gfxbake_LargestAsset";

    public static string Tag(BuildContext context, string version)
    {
        var tag = context.Value(Arguments.Tag) ?? ReleaseNames.DefaultTag(context.Recipe.Name, context.VariantName, version);
        return ReleaseNames.IsTag(tag)
            ? tag
            : throw new CakeException($"--{Arguments.Tag}: '{tag}' is no tag; use letters, digits, '.', '_', '+' and '-'");
    }

    public static GitHubName Repository(BuildContext context)
    {
        var text = context.Value(Arguments.Repository) ?? context.EnvironmentVariable("GITHUB_REPOSITORY") ?? "";
        return GitHubName.TryParse(text)
            ?? throw new CakeException(
                $"Release needs --{Arguments.Repository}=owner/name, "
                    + $"or GITHUB_REPOSITORY{(text.Length == 0 ? "" : $"; '{text}' is no such name")}"
            );
    }

    public static long Largest(BuildContext context) =>
        long.TryParse(context.Configuration.GetValue(LargestSetting), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
        && bytes is > 0 and <= ReleasedFile.LargestAsset
            ? bytes
            : ReleasedFile.LargestAsset;
}
