using System.Diagnostics;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>Runs a host command for a test.</summary>
internal static class Command
{
    public static Outcome Run(params string[] words)
    {
        var info = new ProcessStartInfo(words[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in words.Skip(1))
            info.ArgumentList.Add(word);
        using var process = Process.Start(info)!;
        return Checkout.Finish(process);
    }
}
