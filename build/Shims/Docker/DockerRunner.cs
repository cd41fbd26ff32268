using Cake.Core;
using Cake.Core.IO;
using Cake.Core.Tooling;

namespace Cake.Docker;

/// <summary>Runs one engine command; a non-zero exit is a CakeException that carries the exit code.</summary>
internal sealed class DockerRunner<TSettings>(ICakeContext context)
    : Tool<TSettings>(context.FileSystem, context.Environment, context.ProcessRunner, context.Tools)
    where TSettings : AutoToolSettings
{
    public void Execute(string command, TSettings settings, params string[] arguments)
        => Run(settings, OptionWriter.Write(command, settings, arguments));

    /// <summary>Standard output by lines; standard error goes to the console.</summary>
    public string[] Read(string command, TSettings settings, params string[] arguments)
    {
        string[] lines = [];
        Run(
            settings,
            OptionWriter.Write(command, settings, arguments),
            new ProcessSettings { RedirectStandardOutput = true },
            process => lines = [.. process.GetStandardOutput()]);
        return lines;
    }

    protected override string GetToolName() => "Docker";

    protected override IEnumerable<string> GetToolExecutableNames()
        => context.Environment.Platform.IsUnix() ? ["docker", "docker.exe"] : ["docker.exe", "docker"];
}
