using System.Globalization;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Serving;

/// <summary>The words of podman and docker for a program; both understand the same.</summary>
public static class RunWords
{
    private const string KeepGroups = "keep-groups";

    /// <summary>All words behind "podman" or "docker".</summary>
    /// <param name="run">What runs.</param>
    /// <param name="more">Further flags of the engine's run, for instance a name.</param>
    public static IReadOnlyList<string> Of(ProgramRun run, params IReadOnlyList<string> more) => [.. Parts(run, more).SelectMany(p => p)];

    /// <summary>The same as a command for people to copy, without the engine's name: what belongs together is one part.</summary>
    public static IEnumerable<string> Texts(ProgramRun run) => Parts(run, []).Select(p => string.Join(' ', p.Select(ShellText.Quote)));

    /// <summary>What a program gets of a GPU, for a command that lacks it.</summary>
    public static IEnumerable<IReadOnlyList<string>> Gpu(ProgramRun run) =>
        [
            .. run.Devices.Select(d => (IReadOnlyList<string>)["--device", d]),
            .. Groups(run).Select(g => (IReadOnlyList<string>)["--group-add", g]),
        ];

    private static IEnumerable<IReadOnlyList<string>> Parts(ProgramRun run, IReadOnlyList<string> more)
    {
        yield return ["run", "--rm"];
        if (more.Count > 0)
            yield return more;
        if (run.ReadsInput)
            yield return ["--interactive"];
        if (run.HasTerminal)
            yield return ["--tty"];
        foreach (var capability in run.DroppedCapabilities)
            yield return [$"--cap-drop={capability}"];
        foreach (var option in run.SecurityOptions)
            yield return [$"--security-opt={option}"];
        if (!run.HasNetwork)
            yield return ["--network=none"];
        foreach (var port in run.Ports)
            yield return ["-p", $"{port.Address}:{Text(port.Host)}:{Text(port.Image)}"];
        foreach (var mount in run.Mounts)
            yield return ["-v", $"{mount.Source}:{mount.Target}:{(mount.Writable ? "rw" : "ro")}{(run.Relabels ? ",z" : "")}"];
        foreach (var (name, value) in run.Environment.OrderBy(v => v.Key, StringComparer.Ordinal))
            yield return ["-e", $"{name}={value}"];
        foreach (var part in Gpu(run))
            yield return part;
        if (run.Program is { } program)
            yield return ["--entrypoint", program];
        yield return [run.Image];
        // An option and its value stay on one line.
        for (var i = 0; i < run.Arguments.Count; i++)
        {
            var takesNext = IsOption(run.Arguments[i]) && i + 1 < run.Arguments.Count && !IsOption(run.Arguments[i + 1]);
            yield return takesNext ? [run.Arguments[i], run.Arguments[++i]] : [run.Arguments[i]];
        }
    }

    private static IEnumerable<string> Groups(ProgramRun run) => run.KeepsGroups ? [KeepGroups] : run.Groups.Select(g => Text(g));

    private static bool IsOption(string word) => word.StartsWith('-');

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
