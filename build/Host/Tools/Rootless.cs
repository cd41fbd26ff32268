using Cake.Common;

namespace Gfxbake.Host.Tools;

/// <summary>What podman needs of a machine before it runs for a user who is not root.</summary>
/// <param name="Problems">What is missing.</param>
/// <param name="Commands">What root types for it.</param>
public sealed record Rootless(IReadOnlyList<string> Problems, IReadOnlyList<string> Commands)
{
    // What useradd gives the first user of a machine.
    private const string Range = "100000-165535";

    private static readonly string[] Ranges = ["subuid", "subgid"];

    /// <param name="context">The build.</param>
    /// <param name="root">Folder of the machine's files.</param>
    public static Rootless Find(BuildContext context, string root = "/")
    {
        List<string> problems = [],
            commands = [];
        if (!Has("newuidmap") || !Has("newgidmap"))
            problems.Add("newuidmap or newgidmap is missing, which gives a container more users than one");
        if (!Has("slirp4netns") && !Has("pasta"))
            problems.Add("slirp4netns or pasta is missing, which gives a container its network");
        if (problems.Count > 0)
            commands.Add(new Provisioner(context).CommandFor(Provisioner.Rootless));
        var user = context.EnvironmentVariable("USER") ?? Environment.UserName;
        if (Ranges.Where(f => !HasRange(Path.Combine(root, "etc", f), user)).ToList() is { Count: > 0 } without)
        {
            problems.Add(
                $"{string.Join(" and ", without.Select(f => "/etc/" + f))} has no line for {user}, so a container has no users to take"
            );
            commands.Add($"usermod {string.Join(' ', without.Select(f => $"--add-{f}s {Range}"))} {user}");
        }

        if (!IsOpen(Path.Combine(root, "dev", "net", "tun")))
        {
            problems.Add("/dev/net/tun can't be opened, so a container gets no network");
            commands.Add("chmod 0666 /dev/net/tun");
        }

        return new Rootless(problems, commands);

        bool Has(string program) => (context.EnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, program)));
    }

    private static bool HasRange(string file, string user) =>
        File.Exists(file) && File.ReadLines(file).Any(l => l.StartsWith(user + ":", StringComparison.Ordinal));

    private static bool IsOpen(string device)
    {
        try
        {
            using var stream = new FileStream(device, FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
