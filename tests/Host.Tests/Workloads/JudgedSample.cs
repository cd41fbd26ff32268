using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tests.Workloads;

/// <summary>A build whose workload "run" said nothing in the full image, and an engine that is a script.</summary>
internal sealed class JudgedSample : IDisposable
{
    public JudgedSample()
    {
        Engine = new ScriptEngine(Build);
        RecordFile.Write(
            Build.PathOf("artifacts/sample/debian/traces/run.json"),
            new WorkloadResult
            {
                Name = "run",
                ExitCode = 0,
                Stdout = "",
                Stderr = "",
            }
        );
    }

    public SampleBuild Build { get; } = new();

    public ScriptEngine Engine { get; }

    /// <summary>The workload "run", which is a shell script.</summary>
    public static Workload Run(string script) =>
        new()
        {
            Name = "run",
            Command = ["/bin/sh", "-c", script],
            Timeout = 20,
        };

    public WorkloadVerdict Judge(Workload workload) => Runners.Judge(Build.Open()).Judge(workload, "image", "same");

    public void Dispose() => Build.Dispose();
}
