using System.Globalization;
using Cake.Common;
using Cake.Core;
using Cake.Core.IO;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Rocm;

/// <summary>Ollama as systemd runs it on this machine.</summary>
/// <param name="context">The build.</param>
/// <param name="unit">Its name.</param>
public sealed class OllamaService(BuildContext context, string unit)
{
    private const string DefaultAddress = "127.0.0.1:11434";

    /// <summary>A folder that systemd makes; sd_booted(3).</summary>
    public string Sign { get; init; } = "/run/systemd/system";

    /// <summary>Where the kernel shows control groups.</summary>
    public string Hierarchy { get; init; } = "/sys/fs/cgroup";

    /// <summary>Whether systemd runs here.</summary>
    public bool IsSystemd => Directory.Exists(Sign);

    /// <summary>Commands that people run where this program does not.</summary>
    public IReadOnlyList<string> Commands => ["systemctl daemon-reload", $"systemctl restart {unit}"];

    /// <exception cref="CakeException">systemd does not do it.</exception>
    public void Restart()
    {
        foreach (var words in new[] { new[] { "daemon-reload" }, ["restart", unit] })
        {
            var (status, lines) = Run("systemctl", words);
            if (status != 0)
                throw new CakeException($"systemctl {string.Join(' ', words)} failed: {string.Join("; ", lines)}");
        }
    }

    /// <summary>Where its interface is.</summary>
    public Uri Address
    {
        get
        {
            var set = Show("Environment").Split(' ').FirstOrDefault(v => v.StartsWith("OLLAMA_HOST=", StringComparison.Ordinal));
            return AddressOf(set?[(set.IndexOf('=') + 1)..] ?? "");
        }
    }

    /// <summary>What OLLAMA_HOST means to a client on this machine.</summary>
    public static Uri AddressOf(string host)
    {
        var text = host.Length == 0 ? DefaultAddress : host;
        if (!text.Contains("://", StringComparison.Ordinal))
            text = "http://" + text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw new CakeException($"OLLAMA_HOST is '{host}', which is no address");
        var port =
            uri.IsDefaultPort && !text.TrimEnd('/').EndsWith(":80", StringComparison.Ordinal) && uri.Scheme == "http" ? 11434 : uri.Port;
        return new UriBuilder(uri.Scheme, uri.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : uri.Host, port).Uri;
    }

    /// <summary>What it said since a moment.</summary>
    public IReadOnlyList<string> Log(DateTimeOffset since) =>
        Run(
            "journalctl",
            "--unit=" + unit,
            $"--since=@{since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}",
            "--output=cat",
            "--no-pager"
        ).Lines;

    /// <summary>Files that its processes have mapped: the path as they see it, and the number of the inode.</summary>
    public IReadOnlyList<(string Path, ulong Inode)> Mapped()
    {
        var group = Hierarchy + Show("ControlGroup");
        if (group.Length <= Hierarchy.Length + 1 || !Directory.Exists(group))
            return [];
        return
        [
            .. Directory
                .EnumerateFiles(group, "cgroup.procs", SearchOption.AllDirectories)
                .SelectMany(Lines)
                .SelectMany(p => Lines($"/proc/{p}/maps"))
                .Select(l => l.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries))
                .Where(f => f.Length == 6 && f[5].StartsWith('/'))
                .Select(f => (f[5], ulong.Parse(f[4], CultureInfo.InvariantCulture)))
                .Distinct(),
        ];
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A process may be gone by now.
            return [];
        }
    }

    private string Show(string property) =>
        Run("systemctl", "show", unit, "--property=" + property, "--value").Lines is [var first, ..] ? first : "";

    private (int Status, IReadOnlyList<string> Lines) Run(string program, params string[] words)
    {
        var settings = new ProcessSettings
        {
            Arguments = EngineAliases.Words(words),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var status = context.StartProcess(program, settings, out var output, out var errors);
        return (status, [.. output, .. status == 0 ? [] : errors]);
    }
}
