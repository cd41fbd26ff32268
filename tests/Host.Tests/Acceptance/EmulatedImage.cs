using Gfxbake.Formats.Files;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// The minimal image of the variant debian, whose workloads are run and judged as VerifyMinimal does it; with another file over one of
/// its own where a test says so.
/// </summary>
internal sealed class EmulatedImage : IDisposable
{
    private const string Recipe = "llama-cpp-gfx1151",
        Variant = "debian";

    public static readonly string Build = Path.Combine(Checkout.RepositoryRoot, "artifacts", Recipe, Variant);

    private readonly Interruption interruption = new();
    private readonly Fixture fixture = new() { RealProcesses = true };
    private readonly string files = Directory.CreateTempSubdirectory("gfxbake-over").FullName;
    private readonly MinimalRecord minimal = RecordFile.TryRead<MinimalRecord>(Path.Combine(Build, "minimal.json"))!;
    private readonly string full = RecordFile.TryRead<FullRecord>(Path.Combine(Build, "full.json"))!.ImageId;
    private readonly VerifyFolder folder;
    private readonly BuildContext context;
    private readonly CommandLineEngine engine;
    private int copies;

    public EmulatedImage()
    {
        folder = new VerifyFolder(Build, minimal.Image, minimal.ImageId);
        fixture.Environment.WorkingDirectory = folder.Root;
        fixture.Environment.Variables["PATH"] = Environment.GetEnvironmentVariable("PATH");
        fixture.Environment.Variables.Remove("TMPDIR");
        context = new BuildContext(fixture.Context(("recipe", Recipe), ("variant", Variant)), interruption);
        engine = new CommandLineEngine(context);
    }

    /// <summary>A copy of a file of the image, or of the full image, that may be changed.</summary>
    public string Copy(string path, bool ofFull = false)
    {
        var file = Path.Combine(files, $"{copies++}");
        engine.CopyOut(ofFull ? full : minimal.ImageId, path, file);
        return file;
    }

    /// <summary>Runs a workload and judges it.</summary>
    /// <param name="workload">Its name.</param>
    /// <param name="path">The file of the image that is not seen; null: all are.</param>
    /// <param name="file">What lies over it.</param>
    public WorkloadVerdict Judge(string workload, string? path = null, string? file = null)
    {
        var workspace = context.Workspace;
        var runner = new WorkloadRunner(path is null ? engine : new Over(engine, new Mount(file!, path)), WorkloadPlaces.Of(workspace));
        var verdict = new WorkloadJudge(runner, workspace.Workloads, WorkloadFiles.Of(workspace), new CakeReporter(context)).Judge(
            workspace.Workloads.Single(w => w.Name == workload),
            minimal.ImageId,
            "same as full"
        );
        TestContext.Out.WriteLine(string.Join('\n', [fixture.Log.Lines[^1], .. verdict.Problems]));
        return verdict;
    }

    /// <summary>All that the last run printed of a workload that failed.</summary>
    public string LogOf(string workload) => File.ReadAllText(context.Paths.FailedLog(workload));

    public void Dispose()
    {
        folder.Dispose();
        Directory.Delete(files, recursive: true);
        fixture.Dispose();
        interruption.Dispose();
    }

    private sealed class Over(IStarter engine, Mount mount) : IStarter
    {
        public IContainer Start(ContainerStart start) => engine.Start(start with { Mounts = [.. start.Mounts, mount] });

        public void Sleep(TimeSpan time) => engine.Sleep(time);
    }
}
