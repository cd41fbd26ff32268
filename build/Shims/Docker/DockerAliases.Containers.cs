using Cake.Core;

namespace Cake.Docker;

public static partial class DockerAliases
{
    public static string? DockerRun(this ICakeContext context, string image, string command, params string[] args)
        => context.DockerRun(new DockerContainerRunSettings(), image, command, args);

    /// <summary>
    /// Runs a container and returns only the first line of its standard output, as the real package does.
    /// Without a command, <paramref name="args"/> are left out.
    /// </summary>
    public static string? DockerRun(
        this ICakeContext context, DockerContainerRunSettings? settings, string image, string command, params string[] args)
        => new DockerRunner<DockerContainerRunSettings>(context)
            .Read("run", settings ?? new(), Container(image, command, args))
            .FirstOrDefault();

    public static void DockerRunWithoutResult(this ICakeContext context, string image, string command, params string[] args)
        => context.DockerRunWithoutResult(new DockerContainerRunSettings(), image, command, args);

    /// <summary>Runs a container with its output on the console.</summary>
    public static void DockerRunWithoutResult(
        this ICakeContext context, DockerContainerRunSettings? settings, string image, string command, params string[] args)
        => new DockerRunner<DockerContainerRunSettings>(context)
            .Execute("run", settings ?? new(), Container(image, command, args));

    public static string? DockerCreate(this ICakeContext context, string image, string command, params string[] args)
        => context.DockerCreate(new DockerContainerCreateSettings(), image, command, args);

    /// <summary>Creates a container and returns its id.</summary>
    public static string? DockerCreate(
        this ICakeContext context, DockerContainerCreateSettings? settings, string image, string command, params string[] args)
        => new DockerRunner<DockerContainerCreateSettings>(context)
            .Read("create", settings ?? new(), Container(image, command, args))
            .FirstOrDefault();

    public static void DockerCp(this ICakeContext context, string from, string to)
        => context.DockerCp(from, to, new DockerContainerCpSettings());

    /// <summary>Copies between <c>container:path</c> and a path of the host; neither is quoted here.</summary>
    public static void DockerCp(this ICakeContext context, string from, string to, DockerContainerCpSettings? settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(from);
        ArgumentException.ThrowIfNullOrEmpty(to);
        new DockerRunner<DockerContainerCpSettings>(context).Execute("cp", settings ?? new(), from, to);
    }

    public static void DockerRm(this ICakeContext context, params string[] containers)
        => context.DockerRm(new DockerContainerRmSettings(), containers);

    public static void DockerRm(this ICakeContext context, DockerContainerRmSettings? settings, params string[] containers)
        => new DockerRunner<DockerContainerRmSettings>(context).Execute("rm", settings ?? new(), NotEmpty(containers));

    public static IEnumerable<string> DockerCustomCommand(this ICakeContext context, string command)
        => context.DockerCustomCommand(new DockerCustomCommandSettings(), command);

    /// <summary>Runs a command given as one line and returns every line of its standard output.</summary>
    public static IEnumerable<string> DockerCustomCommand(
        this ICakeContext context, DockerCustomCommandSettings settings, string command)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentException.ThrowIfNullOrEmpty(command);
        var end = command.IndexOf(' ', StringComparison.Ordinal);
        var name = end < 0 ? command : command[..end];
        return new DockerRunner<DockerCustomCommandSettings>(context).Read(name, settings, command[name.Length..]);
    }

    private static string[] Container(string image, string command, string[] args)
    {
        ArgumentException.ThrowIfNullOrEmpty(image);
        return string.IsNullOrEmpty(command) ? [image] : [image, command, .. args];
    }
}
