using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Trace;

/// <summary>Judges a workload's result against the recipe's expectations and against the full image's result.</summary>
public static class WorkloadCheck
{
    // Patterns come from a recipe and the text from a program: neither may stall the build.
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(5);

    /// <summary>Every reason why the run does not count as a success; empty when it does.</summary>
    public static IReadOnlyList<string> Problems(Workload workload, WorkloadResult result)
    {
        var problems = new List<string>();
        if (result.Failure is { } failure)
            problems.Add(failure);
        if (result.ExitCode != 0 && result.Failure is null)
            problems.Add($"exit status {result.ExitCode}{LastWords(result.Stderr)}");
        var output = result.Stdout + "\n" + result.Stderr;
        problems.AddRange(workload.Expect.Where(p => !Matches(output, p)).Select(p => $"the output lacks /{p}/"));
        problems.AddRange(workload.Reject.Where(p => Matches(output, p)).Select(p => $"the output has /{p}/: {Line(output, p)}"));
        if (workload.Serve is { } serve && result.Failure is null)
        {
            for (var i = 0; i < serve.Requests.Count; i++)
                problems.AddRange(Problems(serve.Requests[i], result.Answers.ElementAtOrDefault(i)));
            for (var i = 0; i < serve.Clients.Count; i++)
                problems.AddRange(Problems(serve.Clients[i], result.Clients.ElementAtOrDefault(i)));
        }

        return problems;
    }

    /// <summary>Every difference from the full image's run that the recipe says must not be.</summary>
    public static IReadOnlyList<string> Differences(Workload workload, WorkloadResult full, WorkloadResult minimal)
    {
        var differences = new List<string>();
        if (
            workload.Compare == WorkloadCompare.Stdout
            && Difference(Strip(full.Stdout, workload.Ignore), Strip(minimal.Stdout, workload.Ignore)) is { } text
        )
        {
            differences.Add("stdout " + text);
        }

        foreach (var pattern in workload.On?.Same ?? [])
        {
            if (Difference(Found(full, pattern), Found(minimal, pattern)) is { } count)
                differences.Add($"on {workload.On!.Title}: {count}");
        }

        for (var i = 0; workload.Serve is { } serve && i < serve.Requests.Count; i++)
        {
            var (request, before, after) = (serve.Requests[i], full.Answers.ElementAtOrDefault(i), minimal.Answers.ElementAtOrDefault(i));
            // A request that got no answer is a problem of its own; there is nothing to compare.
            if (after is null or { Status: 0 })
                continue;
            if (request.Compare && Difference(Strip(before?.Body, request.Ignore), Strip(after.Body, request.Ignore)) is { } body)
                differences.Add($"{Name(request)} {body}");
        }

        for (var i = 0; workload.Serve is { } serve && i < serve.Clients.Count; i++)
        {
            var (client, before, after) = (serve.Clients[i], full.Clients.ElementAtOrDefault(i), minimal.Clients.ElementAtOrDefault(i));
            if (!client.Compare || after is null or { Failure: not null })
                continue;
            if (Difference(Strip(before?.Output, client.Ignore), Strip(after.Output, client.Ignore)) is { } output)
                differences.Add($"{Name(client)}: stdout {output}");
        }

        return differences;
    }

    /// <summary>How often a program runs that ended well and did not say all.</summary>
    public const int MostTries = 5;

    /// <summary>
    /// Whether a program ended well in the middle of its words. llama.cpp prints from a thread that it does not wait for at its end
    /// (ggml-org/llama.cpp#22142): on a loaded machine, and under strace, the rest of its output is then missing, with an exit status of 0.
    /// </summary>
    /// <param name="workload">The workload; a server is asked and not read, so nothing cuts it short.</param>
    /// <param name="full">What it gave in the full image, where that is compared; else null.</param>
    /// <param name="result">What it gave now.</param>
    public static bool IsCutShort(Workload workload, WorkloadResult? full, WorkloadResult result)
    {
        if (result is not { ExitCode: 0, Failure: null })
            return false;
        if (workload.Serve is not null || GaveUp(workload, result))
            return false;
        var output = result.Stdout + "\n" + result.Stderr;
        if (workload.Reject.Any(p => Matches(output, p)))
            return false;
        var isBeginning =
            full is null
            || Strip(full.Stdout, workload.Ignore).StartsWith(Strip(result.Stdout, workload.Ignore).TrimEnd(), StringComparison.Ordinal);
        return isBeginning && (full is not null || workload.Expect.Any(p => !Matches(output, p)));
    }

    /// <summary>Whether a program ended well and says that it gave up what took long, in the recipe's words for it.</summary>
    public static bool GaveUp(Workload workload, WorkloadResult result) =>
        result is { ExitCode: 0, Failure: null } && workload.Again.Any(p => Matches(result.Stdout + "\n" + result.Stderr, p));

    /// <summary>Whether a program that ended well is run once more before it counts as failed.</summary>
    public static bool MayRunAgain(Workload workload, WorkloadResult? full, WorkloadResult result) =>
        GaveUp(workload, result) || IsCutShort(workload, full, result);

    public static string Name(HttpProbe request) => (request.IsPost ? "POST " : "GET ") + request.Path;

    private static IEnumerable<string> Problems(HttpProbe request, HttpAnswer? answer)
    {
        if (answer is null || answer.Status == 0)
            return [$"{Name(request)} got no answer{(answer is null ? "" : ": " + answer.Body)}"];
        if (answer.Status != request.Status)
            return [$"{Name(request)} answered {answer.Status}, not {request.Status}: {Shorten(answer.Body)}"];
        return request
            .Expect.Where(p => !Matches(answer.Body, p))
            .Select(p => $"{Name(request)}'s answer lacks /{p}/: {Shorten(answer.Body)}");
    }

    private static string Name(ClientProbe client) => string.Join(' ', client.Command);

    private static IEnumerable<string> Problems(ClientProbe client, ClientAnswer? answer)
    {
        if (answer is null or { Failure: not null })
            return [$"{Name(client)} {answer?.Failure ?? "was not run"}"];
        return client
            .Expect.Where(p => !Matches(answer.Output, p))
            .Select(p => $"{Name(client)}: the output lacks /{p}/: {Shorten(answer.Output)}");
    }

    private static bool Matches(string text, string pattern) =>
        Regex.IsMatch(text, pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, PatternTime);

    private static string Found(WorkloadResult result, string pattern) =>
        Regex
            .Match(result.Stdout + "\n" + result.Stderr, pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, PatternTime)
            .Value;

    private static string Line(string text, string pattern)
    {
        var at = Regex.Match(text, pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, PatternTime).Index;
        var start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        var end = text.IndexOf('\n', at);
        return Shorten(text[start..(end < 0 ? text.Length : end)]);
    }

    private static string Strip(string? text, IReadOnlyList<string> ignore) =>
        ignore.Aggregate(
            text ?? "",
            (t, p) => Regex.Replace(t, p, "", RegexOptions.Multiline | RegexOptions.CultureInvariant, PatternTime)
        );

    private static string? Difference(string full, string minimal)
    {
        if (full == minimal)
            return null;
        var (before, after) = (full.Split('\n'), minimal.Split('\n'));
        var line = before.Zip(after).TakeWhile(p => p.First == p.Second).Count();
        return $"differs at line {line + 1}: full '{Shorten(before.ElementAtOrDefault(line) ?? "(end)")}', "
            + $"minimal '{Shorten(after.ElementAtOrDefault(line) ?? "(end)")}'";
    }

    private static string LastWords(string stderr) =>
        stderr.TrimEnd() is { Length: > 0 } text ? ": " + Shorten(text[(text.LastIndexOf('\n') + 1)..]) : "";

    private static string Shorten(string text)
    {
        const int longest = 160;
        text = string.Concat(text.Trim().Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= longest ? text : text[..longest] + "…";
    }
}
