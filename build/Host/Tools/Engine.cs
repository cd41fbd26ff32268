using Cake.Core;
using Cake.Core.IO;
using Cake.Core.Tooling;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

public enum EngineKind
{
    Docker,
    Podman,
}

/// <summary>A container engine that was seen to run a container on this machine.</summary>
/// <param name="Kind">Which command line it speaks.</param>
/// <param name="Path">Its client, absolute.</param>
/// <param name="Version">What the client says of itself.</param>
/// <param name="Environment">What each of its processes needs in the environment.</param>
public sealed record Engine(EngineKind Kind, string Path, string Version, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Points settings of Cake.Docker at this engine.</summary>
    public T Apply<T>(T settings)
        where T : ToolSettings
    {
        settings.ToolPath = new FilePath(Path);
        settings.EnvironmentVariables = Environment.ToDictionary();
        return settings;
    }
}

/// <summary>Engine commands for which Cake.Docker has no alias: import, export, inspect, ps, network.</summary>
public sealed class EngineSettings : ToolSettings;

/// <summary>Runs one engine command and gives its standard output; on failure the engine's own words are in the error.</summary>
public sealed class EngineRunner(ICakeContext context)
    : Tool<EngineSettings>(context.FileSystem, context.Environment, context.ProcessRunner, context.Tools)
{
    public IReadOnlyList<string> Run(Engine engine, ProcessArgumentBuilder arguments, TimeSpan? limit = null)
    {
        var settings = engine.Apply(new EngineSettings { ToolTimeout = limit, HandleExitCode = _ => true });
        IReadOnlyList<string> output = [];
        IReadOnlyList<string> errors = [];
        var status = 0;
        Run(
            settings,
            arguments,
            new ProcessSettings { RedirectStandardOutput = true, RedirectStandardError = true },
            process =>
            {
                // After a wait with a limit the last lines may still be on their way; a wait without one drains them.
                process.WaitForExit();
                output = [.. process.GetStandardOutput()];
                errors = [.. process.GetStandardError()];
                status = process.GetExitCode();
            }
        );
        return status == 0
            ? output
            : throw new EngineException($"{engine.Kind.ToString().ToLowerInvariant()} {arguments.RenderSafe()}", status, errors);
    }

    protected override string GetToolName() => "container engine";

    protected override IEnumerable<string> GetToolExecutableNames() => ["docker", "podman"];
}
