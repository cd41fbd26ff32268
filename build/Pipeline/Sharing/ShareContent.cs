using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Sharing;

/// <summary>Gathers what a report for others holds; all of it goes through one scrubber.</summary>
/// <param name="facts">What goes in.</param>
/// <param name="scrubber">Takes out what is personal.</param>
public sealed class ShareContent(ShareFacts facts, Scrubber scrubber)
{
    private readonly SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private int left = facts.Limits.All;

    /// <summary>Names and texts, which nothing personal is in.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => files;

    /// <summary>Files that are not whole.</summary>
    public IReadOnlyList<string> Cut => cut;

    private readonly List<string> cut = [];

    /// <summary>Takes a text that was made for the report.</summary>
    public void Add(string name, string text) => Keep(name, scrubber.Of(text), false);

    /// <summary>Takes the end of a file.</summary>
    public void AddFile(string name, string path)
    {
        using var stream = File.OpenRead(path);
        var most = Math.Min(facts.Limits.File, left);
        var isCut = stream.Length > most;
        if (isCut)
            stream.Seek(-most, SeekOrigin.End);
        var buffer = new byte[most];
        var length = stream.ReadAtLeast(buffer, most, throwOnEndOfStream: false);
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        // Half a line could hide half a name.
        if (isCut)
            text = $"[the start is left out: {stream.Length - most} bytes]\n" + text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        Keep(name, scrubber.Of(text), isCut);
    }

    /// <summary>The files of the list that are there, by the name that they get.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="recipe">The recipe.</param>
    public IEnumerable<(string Name, string Path)> Present(string root, string recipe)
    {
        var tree = new HostTree(root);
        foreach (var pattern in facts.Files.Select(f => f.Replace("{recipe}", recipe, StringComparison.Ordinal)))
        {
            foreach (var path in tree.Find(pattern).Select(f => root + f).Where(p => new FileInfo(p) is { Exists: true, LinkTarget: null }))
                yield return (Path.GetFileName(path), path);
        }
    }

    /// <summary>What the machine says, in lines.</summary>
    public string Machine(HostTree machine) =>
        string.Concat(
            facts.Machine.SelectMany(f =>
                f.Read.SelectMany(p => machine.Find(p))
                    .Select(p => (Path: p, Found: Matches(f.Match, machine.Read(p) ?? "")))
                    .Where(p => p.Found.Count > 0)
                    .Select(p => $"{f.Name} ({p.Path}): {string.Join("; ", p.Found)}\n")
            )
        );

    /// <summary>What is in the report and what was taken out.</summary>
    public string About() =>
        $"files: {Listed(files.Keys)}\n"
        + $"not whole: {Listed(cut)}\n"
        + $"replaced: {Listed(scrubber.Replaced.Select(r => $"{r.Value} {r.Key}"))}\n";

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));

    private static List<string> Matches(string pattern, string text) =>
        [
            .. new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.Multiline)
                .Matches(text)
                .Select(m => (m.Groups.Count > 1 ? m.Groups[1].Value : m.Value).Trim()),
        ];

    private void Keep(string name, string text, bool isCut)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        // Names in brackets are longer than some of what they replace.
        if (bytes.Length > left)
            (bytes, isCut) = (Encoding.UTF8.GetBytes("[left out: the report is full]\n"), true);
        left = Math.Max(0, left - bytes.Length);
        files[name] = bytes;
        if (isCut)
            cut.Add(name);
    }
}
