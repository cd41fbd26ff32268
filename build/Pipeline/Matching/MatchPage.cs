using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Matching;

/// <summary>Writes match.html: one page without script that needs no network.</summary>
public static class MatchPage
{
    private const string Style = """
        :root { color-scheme: light dark; }
        body { margin: 0 auto; max-width: 1200px; padding: 0 16px 32px; font: 16px/1.5 system-ui, sans-serif; }
        table { border-collapse: collapse; width: 100%; margin: 8px 0 24px; }
        th, td { border: 1px solid #8884; padding: 6px 8px; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
        .verdict { padding: 12px 16px; border-left: 4px solid #0b57d0; background: #8881; }
        .scroll { overflow-x: auto; }
        """;

    public static string Of(MatchReport report)
    {
        var policy = "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; style-src '{policy}'; base-uri 'none'; form-action 'none'">
            <title>Ollama and ROCm</title>
            <style>{Style}</style>
            </head>
            <body>
            <h1>Ollama and ROCm</h1>
            <p class="verdict">{Text(MatchText.Verdict(report))}</p>
            <h2>Found</h2>
            {Table(["what", "where"], MatchText.Machine(report).Select(m => new[] { m.Name, m.Text }))}
            <h2>Pairings</h2>
            {Table(["Ollama's library", "ROCm", "verdict", "reasons"], MatchMarkdown.Pairings(report))}
            <p>“Loads” does not mean that it works: only a run shows that.</p>
            <h2>Ways</h2>
            {Table(["way", "possible", "what", "risk", "undo", "touches"], MatchMarkdown.Options(report))}
            </body>
            </html>

            """;
    }

    private static string Table(string[] heads, IEnumerable<string[]> rows) =>
        $"<div class=\"scroll\"><table>\n<tr>{string.Concat(heads.Select(h => $"<th scope=\"col\">{Text(h)}</th>"))}</tr>\n"
        + string.Concat(rows.Select(r => $"<tr>{string.Concat(r.Select(c => $"<td>{Text(c)}</td>"))}</tr>\n"))
        + "</table></div>";

    private static string Text(string text) => WebUtility.HtmlEncode(PlainText.Visible(text));
}
