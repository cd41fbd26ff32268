using Cake.Core;
using Cake.Core.IO;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Staging;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Rocm;

/// <summary>Writes the lock of a stage: from a folder of packages, or from what dnf finds in the recipe's repositories.</summary>
/// <param name="context">The build.</param>
/// <param name="rule">The recipe's.</param>
/// <param name="from">The folder; null: dnf is asked.</param>
internal sealed class StageLock(BuildContext context, StageRule rule, string? from)
{
    public void Write(string file)
    {
        var old = File.Exists(file) ? PackageLock.Read(File.ReadLines(file)).Packages : [];
        var packages = from is null ? Downloaded() : StageFolder.Lock(from, rule.Packages, f => new Uri(f).AbsoluteUri);
        var lines = packages.Select(p => $"{p.Sha256}  {p.Url}");
        AtomicFile.WriteText(file, $"# Written by StageRocm --update. docs/stage-rocm.md explains it.\n{string.Join('\n', lines)}\n");
        foreach (var package in packages.Where(p => old.All(o => o.Sha256 != p.Sha256)))
            context.CommandLine.Output.WriteLine($"  + {package.Name}");
        foreach (var package in old.Where(o => packages.All(p => o.Sha256 != p.Sha256)))
            context.CommandLine.Output.WriteLine($"  - {package.Name}");
        context.CommandLine.Output.WriteLine($"recipes/{rule.Lock}: {packages.Count} packages, look at the change before you commit it");
    }

    /// <summary>dnf checks each package against its repository's metadata; gfxbake writes down what came.</summary>
    private IReadOnlyList<LockedPackage> Downloaded()
    {
        var folder = Folders.Empty(context.Paths.RocmStageWork);
        var addresses = Dnf("--url")
            .Where(l => Uri.TryCreate(l, UriKind.Absolute, out _) && l.EndsWith(".rpm", StringComparison.Ordinal))
            .GroupBy(l => Uri.UnescapeDataString(l[(l.LastIndexOf('/') + 1)..]), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        Dnf($"--destdir={folder}");
        return StageFolder.Lock(
            folder,
            rule.Packages,
            f =>
                addresses.TryGetValue(Path.GetFileName(f), out var address)
                    ? address
                    : throw new StageException($"dnf gives no address for {Path.GetFileName(f)}")
        );
    }

    private List<string> Dnf(string what)
    {
        var program =
            context.Tools.Resolve("dnf")
            ?? throw new StageException($"dnf is missing on this machine; give the packages' files with --{Arguments.From}=DIR");
        // The machine's own repositories and what it has installed must not count.
        string[] words =
        [
            "--quiet",
            "--assumeyes",
            .. rule.Repositories.SelectMany((r, i) => new[] { $"--repofrompath=gfxbake{i},{r}", $"--setopt=gfxbake{i}.gpgcheck=0" }),
            .. rule.Repositories.Select((_, i) => $"--repo=gfxbake{i}"),
            $"--releasever={rule.Release}",
            "download",
            "--arch=x86_64",
            "--arch=noarch",
            what,
            .. rule.Packages,
        ];
        context.CommandLine.Output.WriteLine($"  dnf {string.Join(' ', words.Select(ShellText.Quote))}");
        var settings = new ProcessSettings
        {
            Arguments = EngineAliases.Words(words),
            RedirectStandardOutput = true,
            EnvironmentVariables = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
        };
        context.Interruption.ThrowIfRequested();
        var process = context.ProcessRunner.Start(program, settings);
        List<string> lines = [.. process.GetStandardOutput()];
        process.WaitForExit();
        return process.GetExitCode() == 0
            ? lines
            : throw new StageException($"dnf ended with {process.GetExitCode()}; what it said stands above");
    }
}
