using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Gfxbake.Unit.Tests.Pipeline.Switching;

/// <summary>A process of its own that is killed at one of its writes: this assembly, started with a variable.</summary>
internal static class SwitchChild
{
    private const string Variable = "GFXBAKE_TEST_SWITCH";
    private const int Killed = 128 + 9;

    /// <summary>Whether the child was killed; false when it came to its end before.</summary>
    public static bool KilledAt(int write, string work, SwitchTree tree, string layout)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(SwitchChild).Assembly.Location);
        start.Environment[Variable] = $"{work}:{layout}:{write}:{tree.Root}";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(0).Or.EqualTo(Killed), error.Result);
        return process.ExitCode == Killed;
    }

    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(':', 4) is not [var work, var layout, var write, var root])
            return;
        var left = int.Parse(write, System.Globalization.CultureInfo.InvariantCulture);
        using var tree = SwitchTree.Of(layout, root);
        if (work == "switch")
            tree.Switch(Kill);
        else
            tree.Undo(Kill);
        Environment.Exit(0);

        void Kill(string what)
        {
            if (--left >= 0)
                return;
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
