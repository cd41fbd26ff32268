using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of code and archives that come from elsewhere: they are handed to git, CMake and an HTTP client.</summary>
internal sealed partial class SourceRules(YamlBinder binder)
{
    public void Check(string key, SourceCode source)
    {
        if (!PackageName().IsMatch(source.Name))
            binder.Problem($"{key}.name", $"'{source.Name}' is no package name; use a-z, 0-9, '.', '+' and '-', two at least");
        if (!IsRepository(source.Repository))
            binder.Problem($"{key}.repository", $"'{source.Repository}' is no https:// or file:// address");
        if (!Tag().IsMatch(source.Tag) || source.Tag.Contains("..", StringComparison.Ordinal))
            binder.Problem($"{key}.tag", $"'{source.Tag}' is no tag");
        if (!Commit().IsMatch(source.Commit))
            binder.Problem($"{key}.commit", $"'{source.Commit}' is no commit: 40 hex digits, in small letters");
        for (var i = 0; i < source.Patches.Count; i++)
        {
            if (Path.IsPathRooted(source.Patches[i]) || source.Patches[i].Split('/').Contains(".."))
                binder.Problem($"{key}.patches[{i}]", $"'{source.Patches[i]}' leaves recipes/; name a file below it");
        }

        foreach (var (i, watch) in source.Upstream.Index())
            CheckWatch($"{key}.upstream[{i}]", watch, UpstreamWatch.Source);
        CheckOptions($"{key}.cmake", source.Cmake);
        foreach (var (name, options) in source.Switches)
        {
            if (!Name().IsMatch(name))
                binder.Problem($"{key}.switches.{name}", $"'{name}' is no name of a switch; use letters, digits, '.', '_' and '-'");
            CheckOptions($"{key}.switches.{name}", options);
        }
    }

    public static void CheckArchive(YamlBinder binder, string key, Archive archive)
    {
        if (!Uri.TryCreate(archive.Url, UriKind.Absolute, out var uri) || (!uri.IsFile && !UpstreamWatch.IsTrusted(uri)))
            binder.Problem($"{key}.url", $"'{archive.Url}' is no https:// or file:// address");
        if (!Sha256().IsMatch(archive.Sha256))
            binder.Problem($"{key}.sha256", $"'{archive.Sha256}' is no SHA-256: 64 hex digits, in small letters");
    }

    /// <summary>A watch that stands in the block of what is pinned.</summary>
    private void CheckWatch(string key, UpstreamWatch watch, string pin)
    {
        if (watch.Pin != pin)
            binder.Problem($"{key}.pin", $"'{watch.Pin}' is not pinned here; known: {pin}");
        foreach (var (part, message) in watch.Problems())
            binder.Problem($"{key}.{part}", message);
    }

    private void CheckOptions(string key, IReadOnlyDictionary<string, string> options)
    {
        foreach (var (name, value) in options)
        {
            if (!Option().IsMatch(name))
                binder.Problem($"{key}.{name}", $"'{name}' is no name of a CMake option");
            // Each option is one line of a file that the compile stage reads.
            if (value.AsSpan().ContainsAny('\n', '\r', '\0'))
                binder.Problem($"{key}.{name}", "the value has a line break");
        }
    }

    private static bool IsRepository(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "file" && uri.UserInfo.Length == 0;

    // Debian policy, 5.6.7.
    [GeneratedRegex("^[a-z0-9][a-z0-9.+-]{1,62}$")]
    private static partial Regex PackageName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._/+-]{0,127}$")]
    private static partial Regex Tag();

    [GeneratedRegex("^[0-9a-f]{40}$")]
    private static partial Regex Commit();

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,63}$")]
    private static partial Regex Option();
}
