using Cake.Core;
using Cake.Core.IO;
using Cake.Core.Tooling;

namespace Cake.CMake;

/// <summary>Runs one CMake command; a non-zero exit is a CakeException.</summary>
internal sealed class CMakeRunner<TSettings>(ICakeContext context)
    : Tool<TSettings>(context.FileSystem, context.Environment, context.ProcessRunner, context.Tools)
    where TSettings : ToolSettings
{
    public void Execute(TSettings settings, ProcessArgumentBuilder words, DirectoryPath folder) =>
        Run(settings, words, new ProcessSettings { WorkingDirectory = folder }, null);

    protected override string GetToolName() => "CMake";

    protected override IEnumerable<string> GetToolExecutableNames() => ["cmake"];
}
