using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>The sheet's largest differences, for a terminal of 80 columns.</summary>
public static class NumberSheetText
{
    private const int Columns = 80;
    private const int Workload = 34;
    private const int Variant = 20;

    public static IEnumerable<string> Lines(NumberSheet sheet)
    {
        if (!sheet.IsShown)
            yield break;
        yield return "Largest difference from the CPU, of what is allowed:";
        foreach (var row in sheet.Rows)
        {
            foreach (var (variant, cell) in sheet.Variants.Zip(row.Cells).Where(p => p.Second is not null))
            {
                var line = $"  {row.Workload, -Workload} {variant.Name + ", " + variant.Gpu, -Variant} {PlainText.Visible(cell!.Text)}";
                foreach (var part in TextLines.Wrap(line, Columns, "    "))
                    yield return part;
            }
        }

        foreach (var variant in sheet.Variants.Where(v => v.Next is not null))
            yield return $"  {variant.Name}: {variant.State}; {variant.Next}";
    }
}
