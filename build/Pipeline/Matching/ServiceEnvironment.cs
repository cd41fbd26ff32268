using System.Text;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Matching;

/// <summary>The environment that systemd gives a service: its unit, the drop-ins and the files that these name.</summary>
/// <remarks>systemd.exec(5), systemd.unit(5) and systemd.syntax(7).</remarks>
/// <param name="facts">Where units lie.</param>
/// <param name="tree">The machine.</param>
public sealed class ServiceEnvironment(ServicePlaces facts, MachineTree tree)
{
    private const string Section = "[Service]";
    private const int MostFiles = 256;

    private readonly Dictionary<string, (string Value, string From)> own = new(StringComparer.Ordinal);
    private readonly List<string> environmentFiles = [];
    private readonly List<string> files = [];

    /// <summary>What is in force, and the files that say so in the order in which they count.</summary>
    public (IReadOnlyList<ServiceVariable> Variables, IReadOnlyList<string> Files) Read()
    {
        foreach (var file in UnitFiles())
        {
            if (tree.Text(file) is not { } text)
                continue;
            files.Add(file);
            ReadUnit(file, text);
        }

        // What these files say wins over the unit, whatever the order.
        foreach (var path in environmentFiles)
        {
            foreach (var file in TreeGlob.Find(tree.Files, path).Take(MostFiles))
                ReadEnvironmentFile(file);
        }

        return (
            [
                .. own.Where(v => facts.Variables.Any(p => PathGlob.Matches(p, v.Key)))
                    .OrderBy(v => v.Key, StringComparer.Ordinal)
                    .Select(v => new ServiceVariable(v.Key, v.Value.Value, v.Value.From)),
            ],
            files
        );
    }

    /// <summary>The strongest unit, then drop-ins by name; of two with one name that of the stronger folder counts.</summary>
    private IEnumerable<string> UnitFiles()
    {
        var unit = facts.Folders.Select(f => $"{f}/{facts.Unit}").FirstOrDefault(f => tree.Files.Resolve(f).Target is not null);
        var drops = facts
            .Folders.SelectMany(f => TreeGlob.Find(tree.Files, $"{f}/{facts.Unit}.d/*.conf"))
            .GroupBy(p => p[(p.LastIndexOf('/') + 1)..], StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.First());
        return (unit is null ? drops : drops.Prepend(unit)).Take(MostFiles);
    }

    private void ReadUnit(string file, string text)
    {
        var inService = false;
        foreach (var line in Lines(text))
        {
            if (line.StartsWith('['))
                inService = line == Section;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (!inService || equals < 0)
                continue;
            var value = line[(equals + 1)..].Trim();
            switch (line[..equals].Trim())
            {
                case "Environment" when value.Length == 0:
                    own.Clear();
                    break;
                case "Environment":
                    foreach (var word in Words(value))
                        Set(word.Replace("%%", "%", StringComparison.Ordinal), file);
                    break;
                case "UnsetEnvironment":
                    foreach (var word in Words(value))
                        own.Remove(word.Split('=')[0]);
                    break;
                case "EnvironmentFile" when value.Length == 0:
                    environmentFiles.Clear();
                    break;
                case "EnvironmentFile":
                    environmentFiles.Add(value.TrimStart('-'));
                    break;
            }
        }
    }

    private void ReadEnvironmentFile(string file)
    {
        if (tree.Text(file) is not { } text)
            return;
        files.Add(file);
        foreach (var line in Lines(text))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                Set($"{line[..equals].Trim()}={string.Concat(Words(line[(equals + 1)..].Trim(), split: false))}", file);
        }
    }

    private void Set(string assignment, string from)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
            own[assignment[..equals]] = (assignment[(equals + 1)..], from);
    }

    /// <summary>Lines without comments; a backslash at the end joins the next one.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        var whole = new StringBuilder();
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd('\r')))
        {
            if (line.TrimStart() is ['#' or ';', ..])
                continue;
            if (line.EndsWith('\\'))
            {
                whole.Append(line.AsSpan(0, line.Length - 1)).Append(' ');
                continue;
            }

            yield return whole.Append(line).ToString().Trim();
            whole.Clear();
        }

        if (whole.Length > 0)
            yield return whole.ToString().Trim();
    }

    private static IEnumerable<string> Words(string text, bool split = true)
    {
        var word = new StringBuilder();
        var (quote, any) = ('\0', false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length && quote != '\'')
            {
                word.Append(text[++i]);
                any = true;
            }
            else if (quote != '\0' && c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '"' or '\'' && quote == '\0')
            {
                (quote, any) = (c, true);
            }
            else if (quote == '\0' && split && char.IsWhiteSpace(c))
            {
                if (any)
                    yield return word.ToString();
                word.Clear();
                any = false;
            }
            else
            {
                word.Append(c);
                any = true;
            }
        }

        if (any)
            yield return word.ToString();
    }
}
