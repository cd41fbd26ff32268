using System.Text.RegularExpressions;

namespace Gfxbake.Pipeline.Check;

/// <summary>Takes out of a report what names a person or a machine.</summary>
public sealed partial class Anonymous
{
    private const string LeftOut = "(left out)";
    private const int Shortest = 2;

    private static readonly string[] Nobody = ["root", "localhost", "linux", "gfxbake"];

    private static readonly string[] Installed = ["/usr/", "/lib/", "/lib64/", "/opt/"];

    private static readonly string[] UserVariables = ["SUDO_USER", "USER", "LOGNAME"];

    private readonly IReadOnlyList<Regex> personal;

    /// <param name="paths">Folders of this machine, such as the user's home.</param>
    /// <param name="names">Names of the user and of the machine.</param>
    public Anonymous(IEnumerable<string?> paths, IEnumerable<string?> names) =>
        personal = [
            .. paths
                .OfType<string>()
                .Select(p => p.TrimEnd('/'))
                .Where(p => p.Length > Shortest)
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(p => p.Length)
                .Select(p => new Regex(Regex.Escape(p) + @"(?![\w-])")),
            .. names
                .OfType<string>()
                .SelectMany(n => new[] { n, n.Split('.')[0] })
                .Where(n => n.Length >= Shortest && !Nobody.Contains(n, StringComparer.OrdinalIgnoreCase))
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(n => n.Length)
                .Select(n => new Regex($@"(?<!\w){Regex.Escape(n)}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)),
        ];

    /// <summary>This user and machine.</summary>
    /// <param name="root">The checkout.</param>
    public static Anonymous OfThisMachine(string root) =>
        new(
            [root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Environment.GetEnvironmentVariable("HOME")],
            [Environment.UserName, Environment.MachineName, .. UserVariables.Select(Environment.GetEnvironmentVariable)]
        );

    /// <summary>The same report without them.</summary>
    public GpuReport Of(GpuReport report) =>
        report with
        {
            Image = report.Image is { } image ? image with { Labels = Of(image.Labels) } : null,
            Packages = Of(report.Packages),
            Machine = report.Machine with
            {
                Kernel = report.Machine.Kernel is { } kernel ? Of(kernel) : null,
                Gpus = Of(report.Machine.Gpus),
                Firmware = Of(report.Machine.Firmware),
            },
            Checks =
            [
                .. report.Checks.Select(c =>
                    c with
                    {
                        Problems = Of(c.Problems),
                        Shown = Of(c.Shown),
                        Libraries = [.. c.Libraries.Select(Place)],
                        AllLibraries = [.. c.AllLibraries.Select(Place)],
                    }
                ),
            ],
        };

    public string Of(string text)
    {
        text = Identifier().Replace(text, LeftOut);
        return personal.Aggregate(text, (t, p) => p.Replace(t, LeftOut));
    }

    /// <summary>A library's path, where it is a place that programs are installed to; else its name.</summary>
    private string Place(string path) =>
        Of(Installed.Any(i => path.StartsWith(i, StringComparison.Ordinal)) ? path : "…/" + path[(path.LastIndexOf('/') + 1)..]);

    private IReadOnlyList<string> Of(IReadOnlyList<string> texts) => [.. texts.Select(Of)];

    private Dictionary<string, string> Of(IReadOnlyDictionary<string, string> texts) =>
        texts.OrderBy(t => t.Key, StringComparer.Ordinal).ToDictionary(t => t.Key, t => Of(t.Value));

    // A GPU's serial number as ROCr writes it, UUIDs, addresses of network cards, and homes of whomever.
    [GeneratedRegex(
        @"GPU-[0-9a-fA-F]{8,32}|\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}\b"
            + @"|/home/[^/\s]+"
    )]
    private static partial Regex Identifier();
}
