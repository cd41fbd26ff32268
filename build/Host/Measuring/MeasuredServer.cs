using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Pipeline.Serving;

namespace Gfxbake.Host.Measuring;

/// <summary>A server of an image, started to be measured and ended after it.</summary>
public sealed class MeasuredServer : IDisposable
{
    private const int LastLines = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ContainerRun container;

    private MeasuredServer(ContainerRun container, Uri address) => (this.container, Address) = (container, address);

    public Uri Address { get; }

    public bool HasEnded => container.HasExited;

    /// <param name="context">The build, whose lock is held.</param>
    /// <param name="program">Makes what runs, for a port of this machine.</param>
    public static MeasuredServer Start(BuildContext context, Func<int, ProgramRun> program)
    {
        var port = LoopbackPort.Free();
        var container = ContainerRun.Start(context, program(port), (_, _) => { });
        return new(container, new Uri($"http://127.0.0.1:{port}/"));
    }

    /// <summary>Ends the server as Ctrl-C would, so that it says its last words, and gives all that it said.</summary>
    public string End()
    {
        if (!container.HasExited)
            container.Interrupt();
        container.Wait(Patience);
        return container.Stdout + "\n" + container.Stderr;
    }

    /// <summary>An error with the server's last words.</summary>
    public BenchException Failed(string what)
    {
        var last = (container.Stdout + "\n" + container.Stderr).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LastLines);
        return new($"{what}; its last words:\n{string.Join('\n', last.Select(l => "  " + Formats.Text.PlainText.Line(l)))}");
    }

    public void Dispose() => container.Dispose();
}
