using System.Diagnostics;
using Cake.Core;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Serving;

/// <summary>
/// Runs a program for a person: what it prints goes to the terminal as it is, and Ctrl-C ends its container. It has a label of its own,
/// because a build takes away every container that carries the checkout's.
/// </summary>
public static class ProgramProcess
{
    public const string Label = "gfxbake.run";

    // The program gets this long to end by itself, and its client a little longer.
    private const string Seconds = "10";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // A terminal tells the engine's client too, and many programs take a second signal for impatience.
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(3);

    /// <summary>Runs it, and its exit status is the build's; --dryrun prints the command instead.</summary>
    /// <param name="context">The build.</param>
    /// <param name="run">The program.</param>
    /// <param name="notes">What to know about it, a sentence each.</param>
    /// <param name="ready">Is done before it starts.</param>
    /// <returns>Whether it ran.</returns>
    public static bool RunOrSay(BuildContext context, ProgramRun run, IEnumerable<string> notes, Action ready)
    {
        foreach (var note in notes)
            Console.Error.WriteLine(note);
        if (DryRun.Asked(context))
        {
            foreach (var line in new RunCommand(context).Command(run))
                context.CommandLine.Output.WriteLine(line);
            return false;
        }

        ready();
        context.CommandLine.Status = Run(context, run);
        return true;
    }

    /// <returns>The program's exit status.</returns>
    private static int Run(BuildContext context, ProgramRun run)
    {
        var name = Containers.NewName();
        var info = new ProcessStartInfo(context.Engine.Path);
        foreach (var word in RunWords.Of(run, "--name", name, "--label", Label, "--no-healthcheck"))
            info.ArgumentList.Add(word);
        foreach (var (key, value) in context.Engine.Environment)
            info.Environment[key] = value;
        using var process = Process.Start(info) ?? throw new CakeException($"{context.Engine.Path} did not start");
        context.Interruption.Cleaning = () => Stop(context, name, process);
        try
        {
            process.WaitForExit();
            context.Interruption.ParkIfRequested();
            return process.ExitCode;
        }
        finally
        {
            context.Interruption.Cleaning = null;
        }
    }

    private static void Stop(BuildContext context, string name, Process process)
    {
        if (process.WaitForExit(Told))
            return;
        try
        {
            context.EngineCommand("stop", "-t", Seconds, name);
        }
        catch (EngineException)
        {
            // It has ended by itself.
        }

        if (!process.WaitForExit(Patience))
            Containers.Remove(context, name);
    }
}
