using Cake.Core;
using Cake.Core.Tooling;

namespace Cake.Docker;

/// <summary>Runs one engine command; a non-zero exit is a CakeException that carries the exit code.</summary>
internal sealed class DockerRunner<TSettings>(ICakeContext context)
    : Tool<TSettings>(context.FileSystem, context.Environment, context.ProcessRunner, context.Tools)
    where TSettings : AutoToolSettings
{
    public void Execute(string command, TSettings settings, string argument) =>
        Run(settings, OptionWriter.Write(command, settings, argument));

    protected override string GetToolName() => "Docker";

    protected override IEnumerable<string> GetToolExecutableNames() => ["docker"];
}
