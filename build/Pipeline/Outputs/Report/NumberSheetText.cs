using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>The sheet's largest differences, for a terminal of 80 columns.</summary>
public static class NumberSheetText
{
    private const int Columns = 80;
    private const int Workload = 32;
    private const int Variant = 16;
    private const string Indent = "    ";

    public static IEnumerable<string> Lines(NumberSheet sheet)
    {
        if (!sheet.IsShown)
            yield break;
        yield return "Largest difference from the CPU, of what is allowed:";
        foreach (var row in sheet.Rows)
        {
            foreach (var (variant, cell) in sheet.Variants.Zip(row.Cells).Where(p => p.Second is not null))
            {
                foreach (var line in Lines($"  {row.Workload, -Workload} {variant.Head, -Variant}", PlainText.Visible(cell!.Text)))
                    yield return line;
            }
        }

        foreach (var variant in sheet.Variants.Where(v => v.Next is not null))
        {
            yield return $"  {variant.Name}: {variant.State}. Next:";
            yield return Indent + variant.Next;
        }
    }

    private static IEnumerable<string> Lines(string head, string text) =>
        head.Length + 1 + text.Length <= Columns ? [$"{head} {text}"] : [head.TrimEnd(), .. TextLines.Wrap(Indent + text, Columns, Indent)];
}
