using System.Text;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>A machine-readable debian/copyright (DEP-5, copyright-format 1.0), as far as licences go.</summary>
/// <param name="Declared">The first lines of the License fields of header and Files paragraphs, each once, in ordinal order.</param>
/// <param name="Texts">The licence texts by the short name that they are given for.</param>
public sealed record CopyrightFile(IReadOnlyList<string> Declared, IReadOnlyDictionary<string, string> Texts)
{
    private const string Format = "copyright-format/1.0";

    // Before 1.0 the format had other addresses; its fields were the same.
    private const string OldFormat = "dep.debian.net/deps/dep5";

    /// <summary>Null when the text isn't in the format, or is in it and declares nothing.</summary>
    public static CopyrightFile? TryParse(string text)
    {
        var paragraphs = Paragraphs(text);
        var format = paragraphs.FirstOrDefault()?.GetValueOrDefault("Format") ?? "";
        if (!format.Contains(Format, StringComparison.OrdinalIgnoreCase) && !format.Contains(OldFormat, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var declared = new SortedSet<string>(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < paragraphs.Count; i++)
        {
            if (!paragraphs[i].TryGetValue("License", out var licence))
                continue;

            var (name, body) = Split(licence);
            if (name.Length > 0 && (i == 0 || paragraphs[i].ContainsKey("Files")))
                declared.Add(name);

            if (body.Length > 0)
                texts.TryAdd(name, body);
        }

        return declared.Count == 0 ? null : new CopyrightFile([.. declared], texts);
    }

    private static (string Name, string Body) Split(string field)
    {
        var end = field.IndexOf('\n');
        return end < 0 ? (field.Trim(), "") : (field[..end].Trim(), field[(end + 1)..].Trim('\n'));
    }

    private static List<Dictionary<string, string>> Paragraphs(string text)
    {
        var paragraphs = new List<Dictionary<string, string>>();
        Dictionary<string, string>? fields = null;
        string? name = null;
        var value = new StringBuilder();
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd()).Append(""))
        {
            if (line.Length > 0 && line[0] is ' ' or '\t')
            {
                // A dot alone on its line stands for an empty one.
                value.Append('\n').Append(line.Trim() == "." ? "" : line[1..]);
                continue;
            }

            if (name is not null)
                fields!.TryAdd(name, value.ToString().Trim(' '));

            var colon = line.IndexOf(':');
            name = colon > 0 && line[0] != '#' ? line[..colon] : null;
            value.Clear().Append(name is null ? "" : line[(colon + 1)..].Trim());
            if (line.Length == 0)
                fields = null;
            else if (name is not null && fields is null)
                paragraphs.Add(fields = new(StringComparer.OrdinalIgnoreCase));
        }

        return paragraphs;
    }
}
