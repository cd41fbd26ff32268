using System.Globalization;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Run;

/// <summary>Tells what a model takes: as a table for people, and as JSON for programs.</summary>
public static class FitTable
{
    private const string Unknown =
        "Nothing is known of this architecture (recipes/_shared/model-memory.yml): each layer is taken to have a full cache.";

    /// <param name="name">Of the model.</param>
    /// <param name="fit">What it takes.</param>
    /// <param name="memory">What is there for it.</param>
    /// <param name="margin">What must stay free.</param>
    public static IEnumerable<string> Lines(string name, ModelFit fit, MachineMemory memory, long margin)
    {
        yield return $"{PlainText.Visible(name)}: {PlainText.Visible(fit.Architecture)}, {About(fit)}";
        if (!fit.IsKnown)
            yield return Unknown;
        yield return $"Memory: {SizeText.Of(memory.Bytes)} ({memory.Source}); {SizeText.Of(margin)} should stay free";
        yield return $"{Counted(fit.Question.Sequences, "sequence")} at a time (--parallel)";
        yield return "";
        yield return Row("context", "KV type", "weights", "KV cache", "state", "compute", "all", "fits");
        foreach (var row in fit.Estimates)
        {
            yield return Row(
                row.Context.ToString(CultureInfo.InvariantCulture),
                row.CacheType,
                SizeText.Of(row.Weights + row.Copy),
                SizeText.Of(row.Cache),
                SizeText.Of(row.State),
                SizeText.Of(row.Compute),
                SizeText.Of(row.Total),
                Answer(row.In(memory.Bytes, margin))
            );
        }
    }

    public static string Json(string name, ModelFit fit, MachineMemory memory, long margin) =>
        FitSheet.Of(name, fit, memory, margin).Json();

    private static string About(ModelFit fit) =>
        Counted(fit.Layers, "layer")
        + (fit.Windowed > 0 ? $", {SizeText.Count(fit.Windowed)} of them with a window" : "")
        + (fit.WithState > 0 ? $", {SizeText.Count(fit.WithState)} of them with a state" : "")
        + (fit.Parts > 1 ? $", {Counted(fit.Parts, "file")}" : "");

    private static string Counted(int count, string what) => $"{SizeText.Count(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Answer(FitAnswer answer) =>
        answer switch
        {
            FitAnswer.Fits => "yes",
            FitAnswer.Tight => "barely",
            _ => "no",
        };

    private static string Row(params string[] cells) =>
        $"{cells[0], 9}  {cells[1], -8}" + string.Concat(cells[2..^1].Select(c => $"{c, 13}")) + $"  {cells[^1]}";
}
