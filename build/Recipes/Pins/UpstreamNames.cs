using System.Buffers;
using System.Net;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Recipes.Pins;

/// <summary>A name that an upstream lists, and the version in it.</summary>
/// <param name="Name">A tag, a file or a folder.</param>
/// <param name="Version">What the pattern's group holds.</param>
public sealed record UpstreamName(string Name, string Version);

/// <summary>Finds versions in what upstreams list: pages of web servers and object stores, and tags.</summary>
public static partial class UpstreamNames
{
    private const int LongestName = 200;

    // Patterns come from a recipe and names from the network: neither may stall the build.
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> Ends = SearchValues.Create("\"'<>=,;()[]{}`\\ \t\r\n");

    /// <summary>
    /// Names in a listing: the last part of whatever looks like a path, a folder with its '/'. The page's form does not matter, so
    /// Apache's and nginx's listings do as well as pages whose script holds the names as JSON (repo.amd.com).
    /// </summary>
    public static IEnumerable<string> InPage(string page)
    {
        page = WebUtility.HtmlDecode(page);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var start = 0; start < page.Length; )
        {
            var length = page.AsSpan(start).IndexOfAny(Ends);
            if (length < 0)
                length = page.Length - start;
            if (length is > 0 and <= 4 * LongestName && Last(page.Substring(start, length)) is { } name && seen.Add(name))
                yield return name;
            start += length + 1;
        }
    }

    /// <summary>The newest of the names that the watch's pattern takes whole; null when it takes none.</summary>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long.</exception>
    public static UpstreamName? Newest(UpstreamWatch watch, IEnumerable<string> names) =>
        names.Select(n => Read(watch, n)).OfType<UpstreamName>().MaxBy(n => n.Version, VersionOrder.Instance);

    /// <summary>The version in a name; null when the pattern does not take it, or it holds what no name of a version should.</summary>
    public static UpstreamName? Read(UpstreamWatch watch, string name)
    {
        var match = Regex.Match(name, $@"\A(?:{watch.Match})\z", RegexOptions.CultureInvariant, PatternTime);
        var version = match.Groups[UpstreamWatch.VersionGroup].Value;
        return match.Success && Plain().IsMatch(name) && Plain().IsMatch(version) ? new UpstreamName(name, version) : null;
    }

    /// <summary>A commit's or a digest's hexadecimal digits, all of them and lower case.</summary>
    public static bool IsHex(string text, int digits) => text.Length == digits && !text.AsSpan().ContainsAnyExcept(HexDigits);

    private static string? Last(string path)
    {
        var text = Uri.UnescapeDataString(path);
        var query = text.IndexOfAny(['?', '#']);
        if (query >= 0)
            text = text[..query];
        var from = text.Length < 2 ? -1 : text.LastIndexOf('/', text.Length - 2);
        var name = text[(from + 1)..];
        return name.Length is > 0 and <= LongestName ? name : null;
    }

    // Goes into YAML, addresses and terminals as it is, so it must mean nothing there.
    [GeneratedRegex(@"\A[0-9A-Za-z][0-9A-Za-z.+~_-]{0,198}/?\z")]
    private static partial Regex Plain();
}
