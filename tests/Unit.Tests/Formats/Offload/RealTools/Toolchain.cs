using System.Diagnostics;

namespace Gfxbake.Unit.Tests.Formats.Offload.RealTools;

/// <summary>The compiler, linkers and tools of the machine.</summary>
internal static class Toolchain
{
    private const string Packages = "g++ binutils libzstd-dev lld llvm";

    /// <summary>Runs a tool; a failure of it fails the test with what it printed.</summary>
    public static string Run(string tool, params IEnumerable<string> arguments)
    {
        var (status, output) = Try(tool, arguments);
        Assert.That(status, Is.Zero, $"{tool} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    /// <summary>Runs a tool or a program that a test made.</summary>
    /// <returns>Its exit status and all that it printed.</returns>
    public static (int Status, string Output) Try(string tool, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(tool), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    /// <summary>Fails with the packages to install when a tool is not there: a test that skips proves nothing.</summary>
    public static void Require(params IEnumerable<string> tools)
    {
        foreach (var tool in tools)
            Find(tool);
    }

    private static string Find(string tool)
    {
        if (tool.Contains('/', StringComparison.Ordinal))
            return tool;
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(d => Path.Combine(d, tool))
            .FirstOrDefault(File.Exists);
        Assert.That(found, Is.Not.Null, $"{tool} is not installed; apt-get install {Packages}");
        return found!;
    }
}
