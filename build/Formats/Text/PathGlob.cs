using System.IO.Enumeration;

namespace Gfxbake.Formats.Text;

/// <summary>
/// A pattern over absolute paths: '*' and '?' stay within a component, '**' as a component stands for any number of them, also none.
/// </summary>
public sealed class PathGlob
{
    private readonly string[] components;

    private PathGlob(string text, string[] components) => (Text, this.components) = (text, components);

    public string Text { get; }

    public bool HasWildcards => components.Any(IsWild);

    /// <summary>The directories before the first wildcard; the whole path where there is none. "/" at least.</summary>
    public string LiteralPrefix => "/" + string.Join('/', components.TakeWhile(c => !IsWild(c)));

    /// <exception cref="FormatException">The pattern is not absolute, or has empty, '.' or '..' components.</exception>
    public static PathGlob Parse(string text)
    {
        if (!text.StartsWith('/'))
            throw new FormatException($"the pattern '{text}' is not absolute: start it with '/'");

        var components = text.Length == 1 ? [] : text[1..].Split('/');
        return components.Any(c => c is "" or "." or "..")
            ? throw new FormatException($"the pattern '{text}' has an empty, '.' or '..' component: write the path without it")
            : new PathGlob(text, components);
    }

    /// <summary>The same pattern below another directory, for a prefix that leads through symbolic links.</summary>
    public PathGlob WithPrefix(string directory)
    {
        string[] prefix = directory == "/" ? [] : directory[1..].Split('/');
        return new PathGlob(Text, [.. prefix, .. components.SkipWhile(c => !IsWild(c))]);
    }

    public bool IsMatch(string path)
    {
        string[] names = path == "/" ? [] : path[1..].Split('/');

        // reachable[i]: the first i components of the pattern match the names so far.
        var reachable = new bool[components.Length + 1];
        reachable[0] = true;
        SkipEmptyRuns(reachable);
        foreach (var name in names)
        {
            var next = new bool[components.Length + 1];
            for (var i = 0; i < components.Length; i++)
            {
                if (reachable[i] && components[i] == "**")
                    next[i] = true;
                else if (reachable[i] && Matches(components[i], name))
                    next[i + 1] = true;
            }

            SkipEmptyRuns(next);
            reachable = next;
        }

        return reachable[^1];
    }

    /// <summary>Whether a file name matches a pattern of one component.</summary>
    public static bool Matches(string component, string name) => FileSystemName.MatchesSimpleExpression(component, name, ignoreCase: false);

    private static bool IsWild(string component) => component.AsSpan().ContainsAny('*', '?');

    private void SkipEmptyRuns(bool[] reachable)
    {
        for (var i = 0; i < components.Length; i++)
            reachable[i + 1] |= reachable[i] && components[i] == "**";
    }
}
