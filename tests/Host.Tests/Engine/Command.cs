using System.Diagnostics;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>Runs a host command for a test.</summary>
internal static class Command
{
    public static Outcome Run(string program, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        if (File.Exists(ContainersConf)) info.Environment["CONTAINERS_CONF"] = ContainersConf;
        using var process = Process.Start(info)!;
        return Checkout.Finish(process);
    }

    // What the engine finder wrote when podman's defaults fail on this machine.
    private static string ContainersConf => Path.Combine(Checkout.RepositoryRoot, "artifacts", "containers.conf");
}
