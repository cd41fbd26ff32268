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

    /// <summary>What a variant compiles and unpacks.</summary>
    public void Check(string key, Variant variant)
    {
        if (variant.Source is not null && variant.Sources.Count > 0)
            binder.Problem($"{key}.sources", "leave out 'source': the first of 'sources' is the program");
        if (variant.Archive is not null && variant.Archives.Count > 0)
            binder.Problem($"{key}.archives", $"leave out 'archive': in 'archives' its file is called {Archive.OnlyFile}");
        if (variant.Source is { } source)
            Check($"{key}.source", source);
        foreach (var (i, several) in variant.Sources.Index())
        {
            Check($"{key}.sources[{i}]", several);
            // Its pins must have a name, for whoever writes newer ones.
            if (several.From is null)
                binder.Problem($"{key}.sources[{i}]", "name a source of the recipe's 'sources', or start 'from' one");
        }

        foreach (var twice in variant.Sources.GroupBy(s => s.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            binder.Problem($"{key}.sources", $"the name '{twice.Key}' is used twice; each has a folder of its own");
        if (variant.Archive is { } archive)
            Check($"{key}.archive", archive);
        foreach (var (file, several) in variant.Archives)
        {
            Check($"{key}.archives.{file}", several);
            if (!ArchiveFile().IsMatch(file) || Taken().IsMatch(file))
                binder.Problem($"{key}.archives.{file}", $"'{file}' can't be the name of an archive's file beside the Dockerfile");
        }
    }

    /// <summary>What is compiled on the machine itself.</summary>
    public static void Check(YamlBinder binder, CompileRule rule, IReadOnlyDictionary<string, SourceCode> sources)
    {
        if (!CodeName().IsMatch(rule.CodeTarget))
            binder.Problem("compile.code_target", $"'{rule.CodeTarget}' is no GPU; write a name such as gfx1103");
        if (rule.Sources.Count == 0)
            binder.Problem("compile.sources", "nothing would be compiled; name the program's source");
        new SourceRules(binder).CheckOptions("compile.cmake", rule.Cmake);
        foreach (var (i, name) in rule.Sources.Index())
        {
            if (sources.TryGetValue(name, out var source))
            {
                new SourceRules(binder).Check($"sources.{name}", source);
            }
            else
            {
                binder.Problem(
                    $"compile.sources[{i}]",
                    $"unknown source '{name}'; known: {string.Join(", ", sources.Keys)} (the recipe's 'sources')"
                );
            }
        }
    }

    private void Check(string key, Archive archive)
    {
        if (!Uri.TryCreate(archive.Url, UriKind.Absolute, out var uri) || (!uri.IsFile && !UpstreamWatch.IsTrusted(uri)))
            binder.Problem($"{key}.url", $"'{archive.Url}' is no https:// or file:// address");
        if (!Sha256().IsMatch(archive.Sha256))
            binder.Problem($"{key}.sha256", $"'{archive.Sha256}' is no SHA-256: 64 hex digits, in small letters");
        foreach (var (i, watch) in archive.Upstream.Index())
            CheckWatch($"{key}.upstream[{i}]", watch, UpstreamWatch.Archive);
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

    internal static bool IsRepository(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "file" && uri.UserInfo.Length == 0;

    [GeneratedRegex(@"\Agfx[0-9a-f]{3,}\z")]
    private static partial Regex CodeName();

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

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+~^-]{0,127}\z")]
    private static partial Regex ArchiveFile();

    // What the folder has besides: FullFolder of the pipeline.
    [GeneratedRegex(@"\A(Dockerfile|apt-preferences|cmake-options|sources?|packages|.*\.sh)\z")]
    private static partial Regex Taken();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,63}$")]
    private static partial Regex Option();
}
