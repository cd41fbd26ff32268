using Gfxbake.Pipeline.Numbers;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Trace;

/// <summary>Holds a workload's answers against the numbers that other workloads got in the full image.</summary>
/// <param name="workloads">All of the variant.</param>
/// <param name="full">The result that a workload gave in the full image.</param>
public sealed class WorkloadNumbers(IReadOnlyList<Workload> workloads, Func<string, WorkloadResult> full)
{
    public sealed record Outcome(IReadOnlyList<NumberComparison> Found, IReadOnlyList<string> Problems);

    public Outcome Compare(Workload workload, WorkloadResult result)
    {
        var found = new List<NumberComparison>();
        var problems = new List<string>();
        foreach (var (i, request) in (workload.Serve?.Requests ?? []).Index())
        {
            // A request that was not answered as it should is a problem of its own; there is nothing to compare.
            if (request.Numbers is not { } limits || result.Answers.ElementAtOrDefault(i) is not { } answer || !IsGood(answer, request))
                continue;
            try
            {
                var check = new NumberCheck(WorkloadCheck.Name(request), limits, NumberRequest.Read(request));
                var comparison = check.Compare(Reference(request, limits.Against), answer.Body);
                found.Add(comparison);
                problems.AddRange(NumberText.Problems(comparison));
            }
            catch (CompletionFormatException exception)
            {
                problems.Add($"{WorkloadCheck.Name(request)} can't be compared: {exception.Message}");
            }
        }

        return new Outcome(found, problems);
    }

    private string Reference(HttpProbe request, string against)
    {
        // Answers are in the order of the requests.
        var requests = workloads.FirstOrDefault(w => w.Name == against)?.Serve?.Requests ?? [];
        var index = requests.TakeWhile(r => !request.AsksAs(r)).Count();
        return full(against).Answers.ElementAtOrDefault(index) is { } answer && IsGood(answer, request)
            ? answer.Body
            : throw new CompletionFormatException($"{against} got no such answer in the full image");
    }

    private static bool IsGood(HttpAnswer answer, HttpProbe request) => answer.Status == request.Status;
}
