using System.Globalization;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Check;

/// <summary>A report for people: 80 columns, no colour.</summary>
public static class GpuReportText
{
    private const int Columns = 80;
    private const int NameColumns = 12;

    public static IEnumerable<string> Lines(GpuReport report)
    {
        yield return $"{report.Recipe}, variant {report.Variant}, made for {report.Gpu}";
        yield return $"{report.Programs}, on {report.On}";
        foreach (var check in report.Checks)
        {
            yield return "";
            yield return $"{check.Name}: {Word(check.Verdict)}";
            foreach (var line in Rows(check).SelectMany(r => Row(r.Name, r.Text)))
                yield return line;
        }

        yield return "";
        foreach (var line in About(report).SelectMany(r => Row(r.Name, r.Text)))
            yield return line;
        yield return "";
        foreach (var line in TextLines.Wrap(Summary(report), Columns, ""))
            yield return line;
    }

    /// <summary>One sentence: what is shown, and what not.</summary>
    public static string Summary(GpuReport report) =>
        report.Verdict switch
        {
            GpuVerdict.Passed => $"{Start(report)} was used, and computes what the CPU computes.",
            GpuVerdict.NotCompared when report.Computes => $"{Start(report)} was used. The recipe has no numbers, so none were compared.",
            GpuVerdict.NotCompared => $"{Start(report)} was used. It computes nothing: no numbers were compared, and speeds mean nothing.",
            GpuVerdict.WrongNumbers => $"{Start(report)} computes wrong numbers: not what the CPU computes.",
            GpuVerdict.CpuFallback => $"{Start(report)} was not used: the CPU gave the answers.",
            GpuVerdict.MissingLibrary => $"{Start(report)} was not used: a library by which it is reached was not loaded.",
            _ => $"Nothing is known of {report.On}: a run came to no end that can be judged.",
        };

    private static string Start(GpuReport report) => char.ToUpperInvariant(report.On[0]) + report.On[1..];

    public static string Word(GpuVerdict verdict) =>
        verdict switch
        {
            GpuVerdict.Passed => "passed",
            GpuVerdict.NotCompared => "used, numbers not compared",
            GpuVerdict.WrongNumbers => "FAILED, wrong numbers",
            GpuVerdict.CpuFallback => "FAILED, the CPU computed",
            GpuVerdict.MissingLibrary => "FAILED, a library was not loaded",
            _ => "FAILED",
        };

    private static IEnumerable<(string Name, string Text)> Rows(GpuFinding check)
    {
        foreach (var (name, text) in check.Shown)
            yield return (name, text);
        if (check.Kernels is { } kernels)
            yield return ("kernels", $"{Count(kernels)} ran, {Count(check.DifferentKernels ?? 0)} different");
        if (check.Libraries.Count > 0)
            yield return ("libraries", string.Join(", ", check.Libraries.Select(Path.GetFileName)));
        foreach (var numbers in check.Numbers)
        {
            yield return (
                "numbers",
                $"{Count(numbers.Compared)} compared with the CPU's, at most {GpuJudge.Number(numbers.Largest)} apart "
                    + $"({GpuJudge.Number(numbers.Limit)} is allowed)"
            );
        }

        foreach (var problem in check.Problems)
            yield return ("problem", problem);
    }

    private static IEnumerable<(string Name, string Text)> About(GpuReport report)
    {
        if (report.Machine.Kernel is { } kernel)
            yield return ("kernel", $"Linux {kernel}");
        yield return ("GPUs", report.Machine.Gpus.Count == 0 ? "none that the kernel offers for computing" : List(report.Machine.Gpus));
        if (report.Machine.Firmware.Count > 0)
            yield return ("firmware", List(report.Machine.Firmware.Select(f => $"{f.Key} {f.Value}")));
        if (report.Packages.Count > 0)
            yield return ("packages", List(report.Packages.Select(p => $"{p.Key} {p.Value}")));
        if (report.Image is not { } image)
            yield break;
        yield return ("image id", image.Id);
        foreach (var digest in image.Digests)
            yield return ("digest", digest);
        if (image.Labels.Count > 0)
            yield return ("labels", List(image.Labels.Select(l => $"{l.Key}={l.Value}")));
    }

    private static IEnumerable<string> Row(string name, string text) =>
        TextLines.Wrap($"  {name.PadRight(NameColumns - 1)} {text}", Columns, new string(' ', NameColumns + 2)).Select(l => l.TrimEnd());

    private static string List(IEnumerable<string> texts) => string.Join(", ", texts);

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
