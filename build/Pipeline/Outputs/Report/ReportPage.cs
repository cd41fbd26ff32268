using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>Writes report.html: one page that needs no network, and that its content security policy keeps from using one.</summary>
public static class ReportPage
{
    private static readonly string[] Scripts =
    [
        "data.js",
        "treemap.js",
        "compare.js",
        "table.js",
        "history.js",
        "numbers.js",
        "beside.js",
        "running.js",
        "main.js",
    ];

    /// <summary>Writes the page; the same data give the same bytes.</summary>
    /// <param name="data">What it shows.</param>
    /// <param name="output">Where it goes, bit by bit.</param>
    public static void Write(ReportData data, Stream output)
    {
        var style = Resource("page.css");
        // A function around all of them: names such as history and name are the window's own.
        var script = $"(() => {{\n\"use strict\";\n{string.Concat(Scripts.Select(Resource))}}})();\n";
        var values = new Dictionary<string, Action>
        {
            ["policy"] = () =>
                Text(
                    $"default-src 'none'; script-src '{HashOf(script)}'; style-src '{HashOf(style)}'; base-uri 'none'; form-action 'none'"
                ),
            ["title"] = () => Text(WebUtility.HtmlEncode($"{data.Heading.Recipe} {data.Heading.Variant}: sizes")),
            ["style"] = () => Text(style),
            ["data"] = () => ReportJson.Write(data, output),
            ["script"] = () => Text(script),
        };
        foreach (var piece in Resource("page.html").Split("@@"))
        {
            if (values.TryGetValue(piece, out var write))
                write();
            else
                Text(piece);
        }

        void Text(string text) => output.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string HashOf(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Resource(string name)
    {
        using var stream =
            typeof(ReportPage).Assembly.GetManifestResourceStream("report/" + name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly; Core.csproj embeds Report/Page/*");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
