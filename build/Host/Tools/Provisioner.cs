using Cake.Common;
using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Core.IO;

namespace Gfxbake.Host.Tools;

/// <summary>Installs what a build needs with the host's own package manager, only when --provision allows it.</summary>
public sealed class Provisioner(BuildContext context)
{
    /// <summary>Compilers and linkers whose output the tests rewrite, the browser that reads the report, Python for a runner.</summary>
    public const string TestTools = "test tools";

    /// <summary>What podman needs for a user who is not root.</summary>
    public const string Rootless = "rootless podman";

    private sealed record Manager(string Name, string[] Update, string[] Install, IReadOnlyDictionary<string, string[]> Packages);

    private static readonly IReadOnlyList<Manager> Managers =
    [
        new(
            "apt-get",
            ["update"],
            ["install", "--yes", "--no-install-recommends"],
            new Dictionary<string, string[]>
            {
                // netavark calls iptables, and fails with no more than "No such file or directory" where it is not there.
                ["podman"] = ["podman", "netavark", "aardvark-dns", "iptables", "crun", "runc", "catatonit"],
                [Rootless] = ["uidmap", "slirp4netns"],
                ["mmdebstrap"] = ["mmdebstrap", "debian-archive-keyring"],
                [TestTools] = ["g++", "binutils", "libzstd-dev", "lld", "llvm", "cmake", "ninja-build", "chromium", "python3"],
                [NpmPackages.Node] = ["nodejs", "npm"],
            }
        ),
        new(
            "dnf",
            [],
            ["install", "--assumeyes"],
            new Dictionary<string, string[]>
            {
                ["podman"] = ["podman", "runc"],
                [Rootless] = ["shadow-utils", "slirp4netns"],
                ["mmdebstrap"] = ["mmdebstrap", "debian-keyring"],
                [TestTools] =
                [
                    "gcc-c++",
                    "glibc-static",
                    "libstdc++-static",
                    "binutils",
                    "binutils-gold",
                    "libzstd-devel",
                    "lld",
                    "llvm",
                    "cmake",
                    "ninja-build",
                    "chromium",
                    "python3",
                ],
                [NpmPackages.Node] = ["nodejs", "nodejs-npm"],
            }
        ),
        new(
            "pacman",
            [],
            ["--sync", "--refresh", "--noconfirm", "--needed"],
            new Dictionary<string, string[]>
            {
                ["podman"] = ["podman", "netavark", "aardvark-dns", "iptables", "crun", "runc", "catatonit"],
                [Rootless] = ["shadow", "slirp4netns"],
                [TestTools] = ["gcc", "binutils", "lld", "llvm", "zstd", "cmake", "ninja", "chromium", "python"],
                [NpmPackages.Node] = ["nodejs", "npm"],
                // Arch has no mmdebstrap; its users get the base from a registry.
            }
        ),
    ];

    /// <summary>The command that a person would type for it.</summary>
    public string CommandFor(string tool)
    {
        var manager = Find();
        return manager?.Packages.ContainsKey(tool) != true
            ? $"with your distribution's package manager ({tool})"
            : $"{manager.Name} {string.Join(' ', manager.Install)} {string.Join(' ', manager.Packages[tool])}";
    }

    /// <exception cref="CakeException">No known package manager, or it failed: with the end of its output.</exception>
    public void Install(string tool)
    {
        var manager =
            Find()
            ?? throw new CakeException(
                $"{tool} is missing and none of {string.Join(", ", Managers.Select(m => m.Name))} is here to install it; "
                    + $"install {tool} yourself"
            );
        if (!manager.Packages.TryGetValue(tool, out var packages))
            throw new CakeException($"{manager.Name} has no package for {tool}; install {tool} yourself");
        if (!context.IsRoot)
            throw new CakeException($"{tool} is missing, and only root can install it\nNext: sudo {CommandFor(tool)}");
        context.Information("Provision: {0}", CommandFor(tool));
        if (manager.Update.Length > 0)
            Run(manager.Name, manager.Update);
        Run(manager.Name, [.. manager.Install, .. packages]);
    }

    private void Run(string command, string[] words)
    {
        var status = context.StartProcess(
            command,
            new ProcessSettings
            {
                Arguments = EngineAliases.Words(words),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                EnvironmentVariables = new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" },
            },
            out var output,
            out var errors
        );
        if (status != 0)
        {
            throw new CakeException(
                $"{command} {string.Join(' ', words)}: exit status {status}\n"
                    + $"{string.Join('\n', output.Concat(errors).TakeLast(12))}\nNext: run it by hand as root and look at what it says"
            );
        }
    }

    private Manager? Find() =>
        Managers.FirstOrDefault(m => (context.EnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, m.Name))));
}
