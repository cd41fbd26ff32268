using System.Diagnostics;
using System.Net;
using Cake.Core;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Checks;

/// <summary>
/// Runs the programs of an installed package as if they were in a container: paths of mounts are this machine's, the port is a free one of
/// the loopback, and of this process's environment nothing counts but where programs and the user's files are.
/// </summary>
/// <param name="context">Can be interrupted.</param>
public sealed class LocalPrograms(BuildContext context) : IStarter
{
    private const string Everywhere = "0.0.0.0";

    private static readonly string[] Kept = ["PATH", "HOME"];

    /// <summary>The program that a name stands for on this machine.</summary>
    /// <exception cref="CakeException">It is not there.</exception>
    public static string Find(string name, string? path = null) =>
        (path ?? Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Where(Path.IsPathFullyQualified)
            .Select(f => Path.Combine(f, name))
            .FirstOrDefault(File.Exists)
        ?? throw new CakeException($"no program {name} in $PATH: no package with it is installed (docs/packages.md)");

    public IContainer Start(ContainerStart start)
    {
        var port = start.Port is null ? 0 : LoopbackPort.Free();
        string Here(string word) => Local(word, start, port);
        var info = new ProcessStartInfo(Find(start.Program))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var word in start.Arguments)
            info.ArgumentList.Add(Here(word));
        foreach (var name in info.Environment.Keys.Except(Kept).ToList())
            info.Environment.Remove(name);
        foreach (var (name, value) in start.Environment.Where(v => !Kept.Contains(v.Key)))
            info.Environment[name] = Here(value);
        return new LocalRun(context, Process.Start(info) ?? throw new CakeException($"{info.FileName} did not start"), port);
    }

    public void Sleep(TimeSpan time) => context.Interruption.Sleep(time);

    /// <summary>A word of a command or a variable as it is on this machine.</summary>
    public static string Local(string word, ContainerStart start, int port)
    {
        if (word == Everywhere)
            return IPAddress.Loopback.ToString();
        if (start.Port is { } inside && word == $"{inside}")
            return $"{port}";
        // Models and kits lie at one place each, which starts a word or is one of several paths of a list.
        return start.Mounts.Aggregate(word, (w, m) => w.Replace(m.Target + "/", m.Source + "/", StringComparison.Ordinal));
    }
}
