using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Plan;

/// <summary>Writes plan.md: what a person reviews before an image is made of the plan.</summary>
public static class PlanMarkdown
{
    private const int LargestFiles = 30,
        LargestDirectories = 30,
        MostNotInImage = 50;

    public static void Write(PrunePlan plan, TextWriter output)
    {
        output.NewLine = "\n";
        WriteHeadline(plan, output);
        WriteList(output, "Problems", plan.Problems, int.MaxValue, "None.");
        WriteReasons(plan, output);
        WriteKernels(plan, output);
        WriteOffload(plan, output);
        WriteStandIns(plan, output);
        WriteRules(plan, output);
        WriteLargest(plan, output);
        WriteDirectories(plan, output);
        WriteList(
            output,
            "Found by a workload, not in the image (made during the run, or mounted)",
            [.. plan.NotInImage.Select(Code)],
            MostNotInImage,
            "None."
        );
    }

    private static void WriteHeadline(PrunePlan plan, TextWriter output)
    {
        var totals = plan.Totals;
        output.WriteLine("# Prune plan\n");
        output.WriteLine($"GPU code: {string.Join(", ", plan.CodeTargets)}. Problems: {plan.Problems.Count}.\n");
        WriteRow(output, "", "files", "size");
        output.WriteLine("|---|---:|---:|");
        WriteRow(output, "kept", SizeText.Count(totals.KeptFiles), SizeText.Of(totals.KeptBytes));
        WriteRow(output, "dropped", SizeText.Count(totals.DroppedFiles), SizeText.Of(totals.DroppedBytes));
        output.WriteLine(
            $"\nKept besides: {SizeText.Count(totals.KeptLinks)} links, {SizeText.Count(totals.KeptDirectories)} directories."
        );
        output.WriteLine("A file counts below by its first reason. Sizes are decimal: 1 MB = 1,000,000 bytes.");
    }

    private static void WriteReasons(PrunePlan plan, TextWriter output)
    {
        output.WriteLine("\n## Reasons\n");
        WriteRow(output, "", "reason", "files", "size");
        output.WriteLine("|---|---|---:|---:|");
        foreach (
            var group in Files(plan).GroupBy(e => (e.IsKept, e.Causes[0].Reason)).OrderBy(g => !g.Key.IsKept).ThenBy(g => g.Key.Reason)
        )
        {
            WriteRow(
                output,
                group.Key.IsKept ? "kept" : "dropped",
                group.Key.Reason.ToString(),
                SizeText.Count(group.Count()),
                SizeText.Of(Bytes(group))
            );
        }
    }

    private static void WriteKernels(PrunePlan plan, TextWriter output)
    {
        var kernels = Files(plan)
            .Where(IsKernel)
            .GroupBy(e => string.Join(", ", GpuNames.InPath(e.Path)))
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToList();
        output.WriteLine("\n## Kernel files by GPU\n");
        if (kernels.Count == 0)
        {
            output.WriteLine("None.");
            return;
        }

        WriteRow(output, "names", "kept", "size", "dropped", "size");
        output.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var group in kernels)
        {
            var (kept, dropped) = (group.Where(e => e.IsKept).ToList(), group.Where(e => !e.IsKept).ToList());
            WriteRow(
                output,
                group.Key.Length == 0 ? "no GPU" : group.Key,
                SizeText.Count(kept.Count),
                SizeText.Of(Bytes(kept)),
                SizeText.Count(dropped.Count),
                SizeText.Of(Bytes(dropped))
            );
        }
    }

    private static void WriteOffload(PrunePlan plan, TextWriter output)
    {
        var files = plan.Entries.Where(e => e.Offload is not null).ToList();
        output.WriteLine($"\n## GPU code inside libraries\n");
        if (files.Count == 0)
        {
            output.WriteLine(plan.Offload == OffloadForm.None ? "Left alone (form: none)." : "Nothing to take out.");
            return;
        }

        WriteRow(output, "library", "has code for", "objects", "unpacked", "stay", "unpacked");
        output.WriteLine("|---|---|---:|---:|---:|---:|");
        var loose = files.Where(e => e.Offload!.Loose).Select(e => e.Offload!).ToList();
        if (loose.Count > 0)
        {
            WriteRow(
                output,
                $"{SizeText.Count(loose.Count)} loose kernel files",
                string.Join(", ", loose.SelectMany(o => o.Targets).Distinct()),
                SizeText.Count(loose.Sum(o => o.Objects)),
                SizeText.Of(loose.Sum(o => o.Bytes)),
                SizeText.Count(loose.Sum(o => o.KeptObjects)),
                SizeText.Of(loose.Sum(o => o.KeptBytes))
            );
        }

        foreach (var (path, offload) in files.Where(e => !e.Offload!.Loose).Select(e => (e.Path, e.Offload!)))
        {
            WriteRow(
                output,
                Code(path),
                Cell(string.Join(", ", offload.Targets)),
                SizeText.Count(offload.Objects),
                SizeText.Of(offload.Bytes),
                SizeText.Count(offload.KeptObjects),
                SizeText.Of(offload.KeptBytes)
            );
        }

        foreach (var (path, offload) in files.Select(e => (e.Path, e.Offload!)).Where(f => (f.Item2.Refused ?? f.Item2.Note) is not null))
            output.WriteLine($"\n{Code(path)} {(offload.Refused is { } why ? "stays whole: " + Cell(why) : Cell(offload.Note!))}");
    }

    private static void WriteStandIns(PrunePlan plan, TextWriter output)
    {
        output.WriteLine("\n## Stand-ins for libraries\n");
        var replaced = plan.Entries.Where(e => e.StandIn is not null).Select(e => (e, e.StandIn!)).ToList();
        if (replaced.Count == 0)
        {
            output.WriteLine("None.");
            return;
        }

        WriteRow(output, "library", "size", "stand-in", "has", "for", "rule", "why");
        output.WriteLine("|---|---:|---:|---|---|---|---|");
        foreach (var (entry, standIn) in replaced)
        {
            WriteRow(
                output,
                Code(entry.Path),
                SizeText.Of(entry.Size),
                SizeText.Of(standIn.Size),
                standIn.Content,
                string.Join(", ", standIn.For.Select(Code)),
                Cell(standIn.Rule),
                Cell(standIn.Why)
            );
        }

        var gone = Files(plan).Where(e => e.Causes[0].Reason == Reason.StandIn).ToList();
        output.WriteLine($"\nWith them go {SizeText.Count(gone.Count)} files that only they need, {SizeText.Of(Bytes(gone))}.");
    }

    private static void WriteRules(PrunePlan plan, TextWriter output)
    {
        output.WriteLine("\n## Keep rules\n");
        if (plan.KeepRules.Count == 0)
        {
            output.WriteLine("None.");
            return;
        }

        // Only what the rule alone keeps shows what it costs.
        WriteRow(output, "rule", "files by it alone", "size", "why");
        output.WriteLine("|---|---:|---:|---|");
        foreach (var rule in plan.KeepRules)
        {
            var files = Files(plan).Where(e => e.Causes.Count == 1 && e.Causes[0] == new Cause(Reason.RecipeKeep, rule.Path)).ToList();
            WriteRow(output, Code(rule.Path), SizeText.Count(files.Count), SizeText.Of(Bytes(files)), Cell(rule.Why));
        }
    }

    private static void WriteLargest(PrunePlan plan, TextWriter output)
    {
        output.WriteLine("\n## Largest kept files (without kernel files)\n");
        WriteRow(output, "size", "why", "path");
        output.WriteLine("|---:|---|---|");
        var largest = Files(plan)
            .Where(e => e.IsKept && !IsKernel(e))
            .OrderByDescending(e => e.PlannedSize)
            .ThenBy(e => e.Path, StringComparer.Ordinal)
            .Take(LargestFiles);
        foreach (var entry in largest)
            WriteRow(output, SizeText.Of(entry.PlannedSize), Why(entry), Code(entry.Path));
    }

    private static void WriteDirectories(PrunePlan plan, TextWriter output)
    {
        output.WriteLine("\n## Largest directories (without what lies in directories below them)\n");
        WriteRow(output, "kept files", "size", "dropped files", "size", "directory");
        output.WriteLine("|---:|---:|---:|---:|---|");
        var groups = Files(plan)
            .GroupBy(e => ImagePath.Parent(e.Path))
            .OrderByDescending(Bytes)
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .Take(LargestDirectories);
        foreach (var group in groups)
        {
            var (kept, dropped) = (group.Where(e => e.IsKept).ToList(), group.Where(e => !e.IsKept).ToList());
            WriteRow(
                output,
                SizeText.Count(kept.Count),
                SizeText.Of(Bytes(kept)),
                SizeText.Count(dropped.Count),
                SizeText.Of(Bytes(dropped)),
                Code(group.Key)
            );
        }
    }

    private static void WriteList(TextWriter output, string title, IReadOnlyList<string> items, int most, string ifNone)
    {
        output.WriteLine($"\n## {title}\n");
        foreach (var item in items.Take(most))
            output.WriteLine($"- {PlainText.Visible(item)}");

        if (items.Count > most)
            output.WriteLine($"- and {SizeText.Count(items.Count - most)} more");

        if (items.Count == 0)
            output.WriteLine(ifNone);
    }

    private static string Why(PlanEntry entry)
    {
        var (reason, by) = entry.Causes[0];
        var others = entry.Causes.Count > 1 ? $" (+{entry.Causes.Count - 1})" : "";
        var name =
            by is null ? ""
            : CauseText.LeadsOn(reason) ? by[(by.LastIndexOf('/') + 1)..]
            : by;
        return Cell($"{CauseText.Phrase(reason)} {name}".TrimEnd() + others);
    }

    private static bool IsKernel(PlanEntry entry) =>
        entry.Causes.Any(c => c.Reason is Reason.KernelOfTarget or Reason.KernelOfAnyGpu or Reason.OtherGpu or Reason.OtherType);

    private static IEnumerable<PlanEntry> Files(PrunePlan plan) => plan.Entries.Where(e => e.Kind is EntryKind.File or EntryKind.HardLink);

    private static long Bytes(IEnumerable<PlanEntry> entries) => entries.Sum(e => e.Kind == EntryKind.File ? e.PlannedSize : 0);

    private static void WriteRow(TextWriter output, params string[] cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");

    private static string Cell(string text) => PlainText.Visible(text).Replace("|", "\\|", StringComparison.Ordinal);

    // A backtick would end the code span.
    private static string Code(string text) => $"`{Cell(text).Replace("`", "\\x60", StringComparison.Ordinal)}`";
}
