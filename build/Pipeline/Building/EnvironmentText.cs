namespace Gfxbake.Pipeline.Building;

/// <summary>Writes variables as systemd's EnvironmentFile= reads them; a shell reads the same.</summary>
public static class EnvironmentText
{
    private const string Escaped = "\"\\`$";

    /// <param name="variables">In order.</param>
    /// <param name="comments">Lines in front of them.</param>
    /// <exception cref="ArgumentException">A name or a value that such a file can't hold.</exception>
    public static string Of(IEnumerable<KeyValuePair<string, string>> variables, params IEnumerable<string> comments) =>
        string.Concat(comments.Select(c => $"# {c}\n").Concat(variables.Select(v => $"{Name(v.Key)}=\"{Value(v.Value)}\"\n")));

    private static string Name(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? name
            : throw new ArgumentException($"'{name}' is no name of a variable");

    private static string Value(string value) =>
        value.Any(char.IsControl)
            ? throw new ArgumentException("a value has a control character")
            : string.Concat(value.Select(c => Escaped.Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));
}
