using System.Text;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Plan;

/// <summary>Says in words why a path of a plan is kept, up to a workload or rule, or why it is dropped.</summary>
public sealed class PlanExplanation
{
    private readonly PrunePlan plan;
    private readonly Dictionary<string, PlanEntry> entries;
    private readonly StringBuilder text = new();

    private PlanExplanation(PrunePlan plan) =>
        (this.plan, entries) = (plan, plan.Entries.ToDictionary(e => e.Path, StringComparer.Ordinal));

    /// <summary>Some lines of text, each ended by '\n'. The path may lead through links.</summary>
    /// <exception cref="UnknownPathException">The image has no such path; the message names similar ones.</exception>
    public static string Of(PrunePlan plan, string path)
    {
        var explanation = new PlanExplanation(plan);
        var resolution = PathWalk.Walk(explanation.Find, path.StartsWith('/') ? path : "/" + path, followLast: true);
        foreach (var link in resolution.Links)
            explanation.Add(explanation.entries[link.Path], resolution.Target is null);

        if (resolution.Target is { } target && explanation.entries.TryGetValue(target.Path, out var entry))
        {
            explanation.Add(entry, whole: true);
        }
        else if (resolution.Links is [.., var last])
        {
            explanation.text.Append(
                $"{PlainText.Visible(last.Path)} leads to '{PlainText.Visible(last.LinkTarget!)}', which the image lacks\n"
            );
        }
        else
        {
            throw new UnknownPathException(path, SimilarPaths.Message(plan, path));
        }

        return explanation.text.ToString();
    }

    private ImageEntry? Find(string path) =>
        entries.TryGetValue(path, out var entry)
            ? new ImageEntry
            {
                Path = path,
                Kind = entry.Kind,
                LinkTarget = entry.LinkTarget ?? "",
            }
        : path == "/" ? new ImageEntry { Path = path, Kind = EntryKind.Directory }
        : null;

    private void Add(PlanEntry entry, bool whole)
    {
        text.Append(PlainText.Visible(entry.Path));
        text.Append(entry.Kind == EntryKind.SymbolicLink ? $" -> {PlainText.Visible(entry.LinkTarget ?? "")}" : "");
        text.Append(entry.IsKept ? "  kept" : "  dropped");
        text.Append(
            entry.Kind switch
            {
                EntryKind.File => $", {SizeText.Of(entry.Size)}",
                EntryKind.HardLink => $", another name of {PlainText.Visible(entry.LinkTarget ?? "")}",
                EntryKind.Directory => Contents(entry),
                _ => "",
            }
        );
        text.Append('\n');
        if (entry.IsKept)
        {
            AddOffload(entry.Offload);
            AddStandIn(entry.Path, entry.StandIn);
            AddChain(entry);
            foreach (var cause in whole ? entry.Causes.Skip(1) : [])
            {
                text.Append("  also ");
                AddCause(cause);
            }
        }
        else
        {
            text.Append($"  {WhyNot(entry)}\n");
            AddChoice(entry.Causes[0]);
        }
    }

    private void AddOffload(PlanOffload? offload)
    {
        if (offload is null)
            return;
        text.Append(
            offload.Refused is { } why
                ? $"  whole        {PlainText.Visible(why)}\n"
                : $"  slimmed      code for {string.Join(", ", plan.CodeTargets)} stays: "
                    + $"{SizeText.Count(offload.KeptObjects)} of {SizeText.Count(offload.Objects)} code objects, "
                    + $"{SizeText.Of(offload.KeptBytes)} of {SizeText.Of(offload.Bytes)}\n"
        );
        if (offload.Note is { } note)
            text.Append($"  note         {PlainText.Visible(note)}\n");
    }

    private void AddStandIn(string path, PlanStandIn? standIn)
    {
        if (standIn is null)
            return;
        text.Append(
            $"  stand-in     {SizeText.Of(standIn.Size)} with {standIn.Content} "
                + $"(rule {PlainText.Visible(standIn.Rule)})\n  why          {PlainText.Visible(standIn.Why)}\n"
        );
        AddGone(standIn, new Cause(Reason.StandIn, path));
    }

    /// <summary>What a choice of the build took out, with this path, and how to have it back.</summary>
    private void AddChoice(Cause cause)
    {
        if (cause.Reason == Reason.OtherType)
            text.Append($"  with it go   {Sum(e => e.Causes[0] == cause)}; --kernels=all keeps them\n");
        if (cause is not { Reason: Reason.StandIn, By: { } by } || entries.GetValueOrDefault(by)?.StandIn is not { } standIn)
            return;
        text.Append($"  stand-in     {SizeText.Of(standIn.Size)} with {standIn.Content} (rule {PlainText.Visible(standIn.Rule)})\n");
        AddGone(standIn, cause);
    }

    private void AddGone(PlanStandIn standIn, Cause cause)
    {
        if (Sum(e => e.Causes[0] == cause) is { Length: > 0 } gone)
            text.Append($"  with it go   {gone}; without {PlainText.Visible(standIn.Rule)} in --standins= they stay\n");
    }

    /// <summary>Number and size of files; nothing where there are none.</summary>
    private string Sum(Func<PlanEntry, bool> isOf)
    {
        var files = plan.Entries.Where(e => e.Kind == EntryKind.File && isOf(e)).ToList();
        return files.Count == 0
            ? ""
            : $"{SizeText.Count(files.Count)} {(files.Count == 1 ? "file" : "files")} of {SizeText.Of(files.Sum(f => f.Size))}";
    }

    private string Contents(PlanEntry directory)
    {
        var prefix = directory.Path == "/" ? "/" : directory.Path + "/";
        var below = plan.Entries.Where(e => e.Path.StartsWith(prefix, StringComparison.Ordinal) && e.Path != "/").ToList();
        var (kept, all) = (PlanTotals.Of(below.Where(e => e.IsKept)), PlanTotals.Of(below));
        return $", {SizeText.Count(below.Count(e => e.IsKept))} of {SizeText.Count(below.Count)} paths below it kept, "
            + $"{SizeText.Of(kept.KeptBytes)} of {SizeText.Of(all.KeptBytes + all.DroppedBytes)}";
    }

    private void AddChain(PlanEntry entry)
    {
        // A plan that was edited by hand may go round in a circle.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = entry; at is not null && seen.Add(at.Path); )
        {
            var cause = at.Causes[0];
            text.Append("  ");
            AddCause(cause);
            at = CauseText.LeadsOn(cause.Reason) && cause.By is { } by ? entries.GetValueOrDefault(by) : null;
        }
    }

    private void AddCause(Cause cause)
    {
        text.Append($"{CauseText.Phrase(cause.Reason), -12} {PlainText.Visible(cause.By ?? "")}".TrimEnd());
        if (cause.Reason == Reason.RecipeKeep && plan.KeepRules.FirstOrDefault(r => r.Path == cause.By) is { } rule)
            text.Append($" ({PlainText.Visible(rule.Why)})");

        text.Append('\n');
    }

    private string WhyNot(PlanEntry entry)
    {
        var reason = entry.Causes[0].Reason;
        var by = PlainText.Visible(entry.Causes[0].By ?? "");
        return reason switch
        {
            Reason.OnlyListed =>
                $"{by} met it in a listing of its directory, and nobody opened it; to keep it, add a keep rule to the recipe",
            Reason.RecipeDrop => $"a name in a kept program stands for it, and the drop rule {by} of the recipe says that nobody loads it",
            Reason.StandIn => $"only {by} needs it, and its stand-in does not",
            Reason.OtherGpu => $"names {by}, wanted {string.Join(", ", plan.CodeTargets)}",
            Reason.OtherType => $"holds kernels for the type {by}, read from the calls in the kept programs",
            Reason.LibraryDropped => $"holds kernels of {by}, and no such library is kept",
            Reason.Excluded => $"lies below {by}, where something is mounted or made at run time",
            _ => "no workload opened it, no kept library needs it, no rule names it; to keep it, add a keep rule to the recipe",
        };
    }
}
