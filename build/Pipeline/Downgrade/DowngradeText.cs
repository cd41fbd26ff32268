using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Downgrade;

/// <summary>A plan for people: 80 columns, no colour. Commands stay whole, so that they can be copied.</summary>
public static class DowngradeText
{
    private const int Columns = 80;
    private const string Indent = "    ";

    public static IEnumerable<string> Lines(DowngradePlan plan)
    {
        var target = plan.Wanted is { } wanted ? $"ROCm {wanted}" : "the newest older version of each package";
        foreach (var line in Wrap($"A plan for {plan.Manager}: back to {target}. Nothing was changed."))
            yield return line;
        foreach (var line in Table(plan).Concat(Effects(plan)))
            yield return line;
        foreach (var line in plan.CanBeDone ? Commands(plan) : [])
            yield return line;
        foreach (var note in plan.Notes)
        {
            foreach (var line in Wrap($"Note: {note}"))
                yield return line;
        }

        yield return "";
        foreach (var line in Wrap(Verdict(plan)))
            yield return line;
    }

    public static string Verdict(DowngradePlan plan)
    {
        var (moved, all) = (plan.Packages.Count(p => p.To is not null), plan.Packages.Count);
        if (moved == 0)
            return $"{plan.Manager} has no older version of {(all == 1 ? "this package" : $"any of these {all:N0} packages")}.";
        if (plan.Refused.Count > 0)
            return $"{plan.Manager} refuses it: {plan.Refused[0]}";
        var stay = moved == all ? "" : $" {all - moved:N0} of {all:N0} packages stay, and libraries of two ROCm may not load together.";
        var broken = plan.Breaks.Count == 0 ? "" : $" {plan.Breaks.Count:N0} would go.";
        return $"It can be done: {moved:N0} back.{broken}{stay} Whether Ollama then runs, RocmMatch tells.";
    }

    private static IEnumerable<string> Table(DowngradePlan plan)
    {
        yield return "";
        var (name, now) = (Width(plan.Packages.Select(p => p.Name), 7), Width(plan.Packages.Select(p => p.Version), 9));
        yield return $"{"package".PadRight(name)}  {"installed".PadRight(now)}  back to";
        foreach (var package in plan.Packages)
        {
            var to = package.To ?? (package.Older.Count > 0 ? $"stays; there is {package.Older[0]}" : "stays; nothing older is here");
            yield return $"{package.Name.PadRight(name)}  {package.Version.PadRight(now)}  {to}";
        }
    }

    private static IEnumerable<string> Effects(DowngradePlan plan)
    {
        var needed = plan.Packages.SelectMany(p => p.Dependents.Select(d => (d, p.Name))).GroupBy(p => p.d, p => p.Name).ToList();
        if (needed.Count > 0)
            yield return "\nDepend on it:";
        foreach (var line in needed.SelectMany(d => Wrap($"{Indent}{d.Key} on {TextLines.List([.. d])}")))
            yield return line;
        if (plan.Breaks.Count > 0)
            yield return "\nWould go or break:";
        foreach (var line in plan.Breaks.SelectMany(b => Wrap(Indent + b)))
            yield return line;
        if (plan.Refused.Count > 0)
            yield return $"\n{plan.Manager} says:";
        foreach (var line in plan.Refused.SelectMany(r => Wrap(Indent + r)))
            yield return line;
        if (plan.Elsewhere.Count > 0)
            yield return "\nOlder versions of what stays may be there:";
        foreach (var place in plan.Elsewhere)
            yield return Indent + place;
    }

    private static IEnumerable<string> Commands(DowngradePlan plan)
    {
        yield return "\nThe commands:";
        if (plan.Refresh.Count > 0)
            yield return $"{Indent}{string.Join(' ', plan.Refresh)}    # newer lists; then plan again";
        foreach (var command in plan.Commands)
            yield return Indent + Typed(command);
        if (plan.Hold is { } hold)
            yield return Indent + "# " + hold;
        yield return "\nAnd back again:";
        foreach (var command in plan.Undo)
            yield return Indent + Typed(command);
        if (plan.Lost.Count == 0)
            yield break;
        var lost = $"Nobody has the present version of {TextLines.List(plan.Lost)}: keep a copy, or there is no way back to it.";
        foreach (var line in Wrap(lost))
            yield return line;
    }

    private static string Typed(IReadOnlyList<string> words) => string.Join(' ', words.Select(ShellText.Quote));

    private static int Width(IEnumerable<string> texts, int least) => Math.Min(40, texts.Select(t => t.Length).Append(least).Max());

    private static IEnumerable<string> Wrap(string text) => TextLines.Wrap(PlainText.Visible(text), Columns, Indent);
}
