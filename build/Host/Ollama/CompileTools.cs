using Cake.CMake;
using Cake.Common;
using Cake.Core;
using Cake.Core.IO;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Building;

namespace Gfxbake.Host.Ollama;

/// <summary>CMake and Go, with what they say in one log.</summary>
/// <param name="context">The build.</param>
/// <param name="output">The log.</param>
internal sealed class CompileTools(BuildContext context, BuildOutput output)
{
    private const string Ninja = "ninja",
        Go = "go",
        CMake = "cmake";

    /// <summary>What compiles it, with the versions; a program that is missing is named with what to do.</summary>
    /// <exception cref="CakeException">One is missing.</exception>
    public static IReadOnlyDictionary<string, string> Versions(BuildContext context, bool needsGo)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal) { [CMake] = Version(context, CMake, "--version") };
        if (needsGo)
            found[Go] = Version(context, Go, "version");
        return found;
    }

    /// <summary>The words with which a step is configured: the preset, where things are made, options over the preset's.</summary>
    public static string[] Configuring(PlannedConfiguration step, string folder) =>
        ["--preset", step.Preset, "-B", folder, .. step.Options];

    /// <summary>The words after cmake --build FOLDER.</summary>
    public static IReadOnlyList<string> Building(PlannedConfiguration step, string? jobs) =>
        [
            .. step.Targets.Count > 0 ? ["--target", .. step.Targets] : Array.Empty<string>(),
            "--parallel",
            jobs ?? $"{Environment.ProcessorCount}",
        ];

    public void Configure(string source, string folder, PlannedConfiguration step) =>
        context.CMake(
            source,
            new CMakeSettings
            {
                OutputPath = folder,
                Generator = context.Tools.Resolve(Ninja) is null ? "Unix Makefiles" : "Ninja",
                Options = Configuring(step, folder),
                SetupProcessSettings = Settings(step),
            }
        );

    public void Build(string folder, PlannedConfiguration step, string? jobs) =>
        context.CMakeBuild(
            new CMakeBuildSettings
            {
                BinaryPath = folder,
                Options = [.. Building(step, jobs)],
                SetupProcessSettings = Settings(step),
            }
        );

    private Action<ProcessSettings> Settings(PlannedConfiguration step) =>
        settings =>
        {
            output.Redirect(settings);
            settings.EnvironmentVariables = step.Environment.ToDictionary(v => v.Key, v => (string?)v.Value, StringComparer.Ordinal);
        };

    /// <exception cref="CakeException">It failed.</exception>
    public void RunGo(string folder, IReadOnlyList<string> words)
    {
        var settings = new ProcessSettings { Arguments = EngineAliases.Words(words), WorkingDirectory = folder };
        output.Redirect(settings);
        var status = context.StartProcess(context.Tools.Resolve(Go), settings, out _, out _);
        if (status != 0)
            throw new CakeException($"go ended with status {status}");
    }

    private static string Version(BuildContext context, string program, string word)
    {
        var path =
            context.Tools.Resolve(program)
            ?? throw new CakeException(
                $"{program} is missing, and it compiles Ollama; install it (sudo dnf install cmake ninja-build gcc-c++ golang)"
            );
        var settings = new ProcessSettings
        {
            Arguments = EngineAliases.Words([word]),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var status = context.StartProcess(path, settings, out var lines, out _);
        var first = lines.FirstOrDefault();
        return status == 0 && first is not null ? PlainText.Line(first) : throw new CakeException($"{path} {word} failed ({status})");
    }
}
