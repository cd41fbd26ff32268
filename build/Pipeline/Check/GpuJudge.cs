using System.Globalization;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Check;

/// <summary>
/// Tells whether a GPU was used and computes what the CPU computes. An exit status alone tells nothing: programs fall back to the CPU, and
/// compute nonsense (ggml-org/llama.cpp#25992), both with status 0.
/// </summary>
public static class GpuJudge
{
    /// <summary>How a problem of the CPU's run starts.</summary>
    internal const string OnCpu = "on the CPU: ";

    private const string TheCpu = "the CPU";

    /// <param name="workload">As it ran on the GPU, with the check.</param>
    /// <param name="computes">Whether the GPU's numbers mean anything.</param>
    /// <param name="runs">What it gave.</param>
    public static GpuFinding Judge(Workload workload, bool computes, GpuRuns runs)
    {
        var check = workload.Check!;
        var output = Output(runs.Gpu);
        var said = GpuOutput.Read(check, output);
        var loaded = LoadedFiles.Read(runs.Maps);
        var finding = new GpuFinding
        {
            Name = workload.Name,
            Verdict = computes ? GpuVerdict.Passed : GpuVerdict.NotCompared,
            Problems = [],
            Shown = said.Shown,
            Kernels = computes ? said.Kernels : null,
            DifferentKernels = computes ? said.Different : null,
            Libraries = [.. check.Loads.Select(l => LoadedFiles.Find(loaded, l)).OfType<string>()],
            AllLibraries = loaded,
        };
        // Whether it ended well, apart from what it says of a GPU.
        var bare = workload with
        {
            Expect = [],
            Reject = [],
        };
        if (Reference(bare, workload, runs.Cpu) is { Count: > 0 } reference)
            return Bad(GpuVerdict.Failed, reference);
        List<string> unused = [.. WorkloadCheck.Problems(workload, runs.Gpu).Except(WorkloadCheck.Problems(bare, runs.Gpu))];
        if (WorkloadCheck.Problems(bare, runs.Gpu) is { Count: > 0 } ended)
            return Bad(GpuVerdict.Failed, [.. ended, .. LastWords(runs.Gpu), .. unused]);
        if (loaded.Count == 0)
            return Bad(GpuVerdict.Failed, ["which libraries it has loaded could not be read", .. unused]);
        List<string> missing = [.. check.Loads.Where(l => LoadedFiles.Find(loaded, l) is null).Select(l => l.Replace("|", " or "))];
        if (missing.Count > 0)
            return Bad(GpuVerdict.MissingLibrary, [$"it ran without {TextLines.List(missing)}", .. unused]);
        if (unused.Count > 0)
            return Bad(GpuVerdict.CpuFallback, unused);
        if (!computes)
            return finding;
        if (said.Kernels == 0)
            return Bad(GpuVerdict.CpuFallback, [$"it tells of no kernel that ran: the output lacks /{check.Kernels}/"]);
        return Compare(workload, runs, finding);

        GpuFinding Bad(GpuVerdict verdict, IReadOnlyList<string> problems) => finding with { Verdict = verdict, Problems = problems };
    }

    /// <summary>What a server said that ended before it was asked; of any other the exit status tells it.</summary>
    private static IEnumerable<string> LastWords(WorkloadResult result) =>
        result.Failure is not null && result.Stderr.TrimEnd() is { Length: > 0 } text
            ? [$"its last words: {PlainText.Line(PlainText.Visible(text[(text.LastIndexOf('\n') + 1)..]))}"]
            : [];

    /// <summary>Why the CPU's run is nothing to compare with.</summary>
    private static List<string> Reference(Workload bare, Workload workload, WorkloadResult cpu)
    {
        List<string> problems = [.. WorkloadCheck.Problems(bare, cpu).Select(p => OnCpu + p)];
        if (problems.Count == 0 && WorkloadCheck.Problems(workload, cpu).Count == 0)
            problems.Add($"{OnCpu}it used the GPU all the same, so there is nothing to compare with");
        return problems;
    }

    private static GpuFinding Compare(Workload workload, GpuRuns runs, GpuFinding finding)
    {
        var numbers = new List<GpuNumbers>();
        var problems = new List<string>();
        foreach (var (i, request) in workload.Serve!.Requests.Index().Where(r => r.Item.Numbers is not null))
        {
            var limits = request.Numbers! with { Against = TheCpu };
            try
            {
                var name = WorkloadCheck.Name(request);
                var found = new NumberCheck(name, limits, NumberRequest.Read(request)).Compare(
                    runs.Cpu.Answers[i].Body,
                    runs.Gpu.Answers[i].Body
                );
                numbers.Add(new(name, found.Compared, found.Largest, found.Limit));
                problems.AddRange(Problems(found));
            }
            catch (CompletionFormatException exception)
            {
                problems.Add($"{WorkloadCheck.Name(request)}: {exception.Message}");
            }
        }

        return finding with
        {
            Verdict =
                problems.Count > 0 ? GpuVerdict.WrongNumbers
                : numbers.Count == 0 ? GpuVerdict.NotCompared
                : GpuVerdict.Passed,
            Problems = problems,
            Numbers = numbers,
        };
    }

    private static IEnumerable<string> Problems(NumberComparison found)
    {
        if (found is { Place: { } place } && found.Largest > found.Limit)
        {
            var token = place.Token;
            yield return $"token {token.Id} '{PlainText.Visible(token.Text)}' at position {place.Position} has the log probability "
                + $"{Number(token.Measured!.Value)}, the CPU's is {Number(token.Reference)}: "
                + $"{Number(found.Largest)} apart, {Number(found.Limit)} is allowed";
        }

        if (found.Compared < found.Least)
            yield return $"only {found.Compared} log probabilities can be compared with the CPU's, at least {found.Least} must be";
    }

    internal static string Number(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Output(WorkloadResult result) => result.Stdout + "\n" + result.Stderr;
}
