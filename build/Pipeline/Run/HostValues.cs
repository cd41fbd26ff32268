using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Run;

/// <summary>The facts of one machine, each read when it is first asked for.</summary>
/// <param name="doctor">How they are found.</param>
/// <param name="tree">The machine.</param>
/// <param name="given">What is known without it.</param>
public sealed partial class HostValues(DoctorFacts doctor, HostTree tree, GivenFacts given)
{
    private const int MostValues = 64;
    private const int LongestShown = 100;

    private readonly Dictionary<string, IReadOnlyList<string>> known = new(given.Values, StringComparer.Ordinal);

    public IReadOnlyList<string> this[string name]
    {
        get
        {
            if (known.TryGetValue(name, out var values))
                return values;
            var probe = doctor.Facts[name];
            values = [.. Find(probe).Take(MostValues)];
            return known[name] = values.Count == 0 && probe.Or is { } other ? this[other] : values;
        }
    }

    /// <summary>The first of a fact's values that are numbers, decimal.</summary>
    public decimal? Number(string name) => this[name].Select(ParseNumber).FirstOrDefault(n => n is not null);

    /// <summary>A text with the facts that it names, harmless for a terminal.</summary>
    /// <param name="text">A text of doctor.yml.</param>
    /// <param name="quote">What becomes of values, for a shell for instance.</param>
    public string Fill(string text, Func<string, string>? quote = null) =>
        FactNames.Fill(text, (name, unit) => (quote ?? (v => v))(unit ? Gibibytes(Number(name)) : Shown(this[name])));

    public bool Holds(HostCondition condition)
    {
        var values = this[condition.Fact];
        return (condition.Some is not { } some || some == values.Count > 0)
            && (condition.Is.Count == 0 || values.Any(condition.Is.Contains))
            && (condition.Not.Count == 0 || (values.Count > 0 && !values.Any(condition.Not.Contains)))
            && (condition.Holds is null || values.Any(this[condition.Holds].Contains))
            && (condition.Lacks is null || (values.Count > 0 && !values.Any(this[condition.Lacks].Contains)))
            && (condition.Beyond is null || values.Any(v => !this[condition.Beyond].Contains(v)))
            && (condition.Above is null || Any(values, condition.Above, condition.Times, (v, bound) => v > bound))
            && (condition.Below is null || Any(values, condition.Below, condition.Times, (v, bound) => v < bound));
    }

    private bool Any(IReadOnlyList<string> values, string bound, double times, Func<decimal, decimal, bool> compare) =>
        (ParseNumber(bound) ?? Number(bound)) is { } number
        && values.Select(ParseNumber).OfType<decimal>().Any(v => compare(v, number * (decimal)times));

    private IEnumerable<string> Find(HostProbe probe)
    {
        var values = Origin(probe).SelectMany(t => Matches(probe, t)).Take(MostValues);
        if (probe.Form is ValueForm.Gfx)
            values = values.Select(Gfx).OfType<string>();
        if (probe.Times is not null || probe.Per is not null)
            values = values.Select(v => Scaled(v, probe)).OfType<string>();
        if (probe.IndexOf is { } other)
            values = values.Index().Where(v => this[other].Contains(v.Item)).Select(v => Text(v.Index)).Take(1);
        return values;
    }

    private IEnumerable<string> Origin(HostProbe probe)
    {
        if (probe.From is { } from)
            return this[from];
        if (probe.Count is { } counted)
            return [Text(this[counted].Count)];
        if (probe.Variable is { } variable)
            return given.Variables.TryGetValue(variable, out var value) ? [value] : [];
        return probe
            .Read.SelectMany(p => Paths(p))
            .Select(tree.Read)
            .Where(t => t is not null && IsMatch(probe.Where, t))
            .Concat(probe.Exists.SelectMany(p => Paths(p)))
            .Concat(probe.Open.SelectMany(p => Paths(p)).Where(tree.IsOpen))
            .Concat(probe.Free.SelectMany(p => Paths(p)).Select(tree.Free).OfType<long>().Select(b => Text(b)))
            .Concat(probe.Link.SelectMany(p => Paths(p, links: true)).Select(tree.Link))
            .OfType<string>();
    }

    /// <summary>A machine's own words choose a file only where they are a plain name.</summary>
    private IReadOnlyList<string> Paths(string pattern, bool links = false)
    {
        var filled = Expression(pattern, v => FileName().IsMatch(v) ? v : null);
        return filled is null ? [] : tree.Find(filled, links);
    }

    private bool IsMatch(string? pattern, string text) =>
        pattern is null || (Expression(pattern, Regex.Escape) is { } filled && Compile(filled).IsMatch(text));

    private IEnumerable<string> Matches(HostProbe probe, string text)
    {
        if (probe.Match is null)
            return [text.Trim()];
        return Expression(probe.Match, Regex.Escape) is { } filled
            ? Compile(filled).Matches(text).Take(MostValues).Select(m => m.Groups[m.Groups.Count > 1 ? 1 : 0].Value)
            : [];
    }

    /// <summary>A pattern with the first values of the facts that it names; null when one has none.</summary>
    private string? Expression(string pattern, Func<string, string?> escape)
    {
        var missing = false;
        var filled = FactNames.Fill(
            pattern,
            (name, _) =>
            {
                var value = this[name].Select(escape).FirstOrDefault();
                missing |= value is null;
                return value ?? "";
            }
        );
        return missing ? null : filled;
    }

    // It takes time in proportion to the text, whatever that is.
    private static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.CultureInvariant);

    private static string? Scaled(string value, HostProbe probe) =>
        ParseNumber(value) is { } number && Math.Abs(number) < 1e18m
            ? Text(decimal.Floor(number * (decimal)(probe.Times ?? 1) / (decimal)(probe.Per ?? 1)))
            : null;

    /// <summary>110501 and 11.5.1 are gfx1151: the last two of three numbers are one hexadecimal digit each.</summary>
    internal static string? Gfx(string value)
    {
        if (!GfxNumber().IsMatch(value))
            return null;
        List<int> parts = [.. value.Split('.').Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
        if (parts is [var number])
            parts = [number / 10_000, number / 100 % 100, number % 100];
        return parts is [var major, < 16 and var minor, < 16 and var stepping] ? $"gfx{major}{minor:x}{stepping:x}" : null;
    }

    private static decimal? ParseNumber(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string Text(decimal number) => number.ToString("0", CultureInfo.InvariantCulture);

    private static string Gibibytes(decimal? bytes) =>
        bytes is { } number ? (number / (1 << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GiB" : "unknown";

    private static string Shown(IReadOnlyList<string> values)
    {
        var text = values.Count == 0 ? "unknown" : PlainText.Visible(string.Join(", ", values.Distinct(StringComparer.Ordinal)));
        return text.Length <= LongestShown ? text : text[..LongestShown] + "…";
    }

    [GeneratedRegex(@"\A(?:[0-9]{1,6}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2})\z")]
    private static partial Regex GfxNumber();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}\z")]
    private static partial Regex FileName();
}
