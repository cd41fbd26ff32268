using System.Net;
using System.Net.Sockets;
using Cake.Core;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Serving;

/// <summary>Puts together what Run runs, and finds out what is wrong before anything starts.</summary>
public sealed class ModelStart(BuildContext context)
{
    private readonly List<string> notes = [];

    /// <summary>What to know about it, a sentence each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <exception cref="CakeException">What can't work, with what to do instead.</exception>
    public ProgramRun Prepare(string defaultMode = "server")
    {
        var (rule, name, mode) = Mode(defaultMode);
        var chosen = ChosenModel.Of(context, name);
        foreach (var other in chosen.Others)
            notes.Add($"There is also {other} (--{Arguments.File}=).");
        var image = context.PublicImage("minimal");
        var id =
            context.ImageId(image)
            ?? throw new CakeException($"there is no image {image}\nNext: {context.Command("MinimalImage")} builds it.");
        var model = chosen.Files.Mounted();
        var given = context.CommandLine.Extra;
        var words = new OptionWords(mode.Program, ImageHelp.Of(context, id, mode.Program), rule.Same);
        if (words.Problems(given).ToList() is { Count: > 0 } problems)
            throw new CakeException(string.Join('\n', problems));
        var options = words.Of(ModelRun.Options(rule, mode, chosen.Preset, model), given, notes);
        var place = new RunDevice(context).Place(notes) with
        {
            Port = Port(mode),
            Relabels = context.Machine.Read("/sys/fs/selinux/enforce") is not null,
            HasTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected,
        };
        return ModelRun.Of(image, mode, [.. options, .. given], model, place);
    }

    /// <summary>A port that another program has is told before a model has been loaded for minutes.</summary>
    /// <exception cref="CakeException">A port is taken.</exception>
    public static void NeedPorts(ProgramRun run)
    {
        foreach (var port in run.Ports)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Parse(port.Address), port.Host);
                listener.Start();
            }
            catch (SocketException)
            {
                throw new CakeException(
                    $"port {port.Host} of {port.Address} is in use\n"
                        + $"Next: --{Arguments.Port}={port.Host + 1}, or end the program that has it."
                );
            }
        }
    }

    private (RunRule Rule, string Name, RunMode Mode) Mode(string defaultMode)
    {
        var rule =
            context.Recipe.Run
            ?? throw new CakeException($"the recipe {context.Recipe.Name} does not say how its programs are run with a model (key run)");
        var name = context.Value(Arguments.Mode) ?? defaultMode;
        return rule.Modes.TryGetValue(name, out var mode)
            ? (rule, name, mode)
            : throw new CakeException($"--{Arguments.Mode} is '{name}'; known: {string.Join(", ", rule.Modes.Keys)}");
    }

    private int? Port(RunMode mode)
    {
        if (context.Value(Arguments.Port) is not { } port)
            return null;
        return mode.Port is null
            ? throw new CakeException($"--{Arguments.Port}: {mode.Program} has none; leave it out")
            : int.Parse(port, System.Globalization.CultureInfo.InvariantCulture);
    }
}
