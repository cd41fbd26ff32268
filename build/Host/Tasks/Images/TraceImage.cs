using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Strace;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Host.Workloads;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Runs every workload under strace in an image derived from the full one, on the CPU and on a GPU that does not exist.</summary>
[TaskName("TraceImage")]
[TaskDescription("Traces what the workloads touch, on CPU and null GPU")]
[IsDependentOn(typeof(FullImage))]
public sealed class TraceImage : Step<TraceRecord>
{
    protected override string RecordOf(BuildPaths paths) => paths.TraceRecord;

    protected override SortedDictionary<string, string> InputsOf(BuildContext context) =>
        new(StringComparer.Ordinal)
        {
            ["full image"] = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage").ImageId,
            ["docker/trace.Dockerfile"] = Fingerprint.OfFile(Path.Combine(context.Paths.Docker, "trace.Dockerfile")),
            ["docker/nullgpu.c"] = Fingerprint.OfFile(Path.Combine(context.Paths.Docker, "nullgpu.c")),
            ["workloads of the recipe"] = Fingerprint.Of(context.Workloads),
            ["models of the recipe"] = Fingerprint.Of(context.Recipe.Models),
            ["test files of the recipe"] = Fingerprint.Of(context.Recipe.TestFiles),
            ["gpu"] = Fingerprint.Of(context.Book.Gpus[context.Recipe.Gpu]),
            ["gfxbake"] = Fingerprint.OfCode,
        };

    protected override bool StillThere(BuildContext context, TraceRecord record) =>
        (Directory.Exists(context.Paths.Kit) || !NeedsGpu(context))
        && TestModels.Files(context).All(File.Exists)
        && context.Workloads.All(w => File.Exists(context.Paths.TraceResult(w.Name)));

    protected override TraceRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var name = context.Image("trace");
        var image = BuildTraceImage(context, name);
        TestModels.Write(context);
        var summary = new TraceSummaryBuilder();
        var problems = new List<string>();
        foreach (var workload in context.Workloads)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var log = context.Paths.TraceLog(workload.Name);
            var result = new WorkloadRunner(context).RunTraced(workload, image, log);
            RecordFile.Write(context.Paths.TraceResult(workload.Name), result);
            WorkloadLog.Write(context.Paths.WorkloadLog(workload.Name), result);
            var wrong = WorkloadCheck.Problems(workload, result);
            context.Information("  {0,-34} {1,6:F1} s  {2}", workload.Name, clock.Elapsed.TotalSeconds, wrong.Count == 0 ? "ok" : "FAILED");
            problems.AddRange(wrong.Select(w => $"workload {workload.Name}: {w}"));
            if (wrong.Count > 0)
                problems.Add("    " + WorkloadLog.Ending(result, context.Paths.Show(context.Paths.WorkloadLog(workload.Name))));
            else
                Read(context, workload, log, summary);
        }

        if (problems.Count > 0)
        {
            throw new CakeException(
                $"the full image itself fails its workloads, so nothing can be proven by them:\n{string.Join('\n', problems)}"
            );
        }

        var trace = summary.Build();
        return new TraceRecord
        {
            Inputs = inputs,
            Image = name,
            Workloads = trace.Workloads,
            Paths = trace.Paths,
        };
    }

    private static void Read(BuildContext context, Workload workload, string log, TraceSummaryBuilder summary)
    {
        try
        {
            using var stream = File.OpenRead(log);
            summary.Add(workload.Name, new StraceReader(stream, context.Recipe.Image.Workdir));
        }
        catch (TraceFormatException exception)
        {
            throw new CakeException($"{context.Paths.Show(log)}: {exception.Message}");
        }
    }

    private static bool NeedsGpu(BuildContext context) => context.Workloads.Any(w => w.Gpu == WorkloadGpu.Null);

    private static NullGpuModel Model(Gpu gpu) =>
        new()
        {
            Name = "ip discovery",
            GfxTargetVersion = gpu.GfxTargetVersion,
            FamilyId = gpu.FamilyId,
            SimdCount = 2 * gpu.ComputeUnits,
            MemoryBytes = gpu.Memory,
        };

    /// <returns>Its id.</returns>
    private static string BuildTraceImage(BuildContext context, string tag)
    {
        var folder = context.Paths.Context("trace");
        var needsGpu = NeedsGpu(context);
        foreach (var name in new[] { "nullgpu.c", "trace.Dockerfile" })
        {
            AtomicFile.WriteText(
                Path.Combine(folder, name == "trace.Dockerfile" ? "Dockerfile" : name),
                File.ReadAllText(Path.Combine(context.Paths.Docker, name))
            );
        }

        foreach (var (name, text) in KfdTopology.Files(Model(context.Book.Gpus[context.Recipe.Gpu])))
            AtomicFile.WriteText(Path.Combine(folder, "topology", name), text);
        var full = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage").ImageId;
        var image = context.BuildImage(
            tag,
            folder,
            new Dictionary<string, string>
            {
                ["BASE"] = BaseImage.From(context),
                ["FULL"] = context.From(context.Image("full"), full),
                ["RUN_USER"] = context.Recipe.Image.User,
            },
            target: needsGpu ? "trace" : "strace"
        );
        context.NeedBuiltOn(image, context.Image("full"), full);
        if (!needsGpu)
            return image;
        if (Directory.Exists(context.Paths.Kit))
            Directory.Delete(context.Paths.Kit, recursive: true);
        Containers.WithStopped(
            context,
            image,
            container => context.EngineCommand("cp", container + ":" + NullGpuKit.MountPoint, context.Paths.Kit)
        );
        return image;
    }
}
