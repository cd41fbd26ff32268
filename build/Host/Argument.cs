namespace Gfxbake.Host;

/// <summary>One argument of the command line: what it means, and what it can be.</summary>
/// <param name="Text">What Help says of it.</param>
public sealed record Argument(string Text)
{
    /// <summary>An argument that is there or not, with true or false at most.</summary>
    public bool IsFlag { get; init; }

    public bool MayRepeat { get; init; }

    /// <summary>Targets that take it without a value.</summary>
    public IReadOnlyList<string> FlagOf { get; init; } = [];

    /// <summary>All values that it can have; none: those in which Wrong finds nothing.</summary>
    public IReadOnlyList<ArgumentValues> Values { get; init; } = [];

    /// <summary>Targets that look for themselves whether its value can be: what it can be is data.</summary>
    public IReadOnlyList<string> CheckedBy { get; init; } = [];

    /// <summary>What is wrong with a value, as the rest of a sentence that starts with the argument's name; null when nothing is.</summary>
    public Func<string, string?> Wrong { get; init; } = _ => null;

    /// <summary>Everything that is wrong with what was given.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="given">Its values.</param>
    /// <param name="targets">What runs: an argument may mean different things to different targets.</param>
    public IEnumerable<string> Problems(string name, IEnumerable<string?> given, IReadOnlyCollection<string> targets)
    {
        List<string> values = [.. given.Select(v => v ?? "")];
        if (!MayRepeat && values.Count > 1)
            yield return $"--{name} is given {values.Count} times";
        foreach (var value in values)
        {
            if (Problem(value, targets) is { } problem)
                yield return $"--{name}{problem}";
        }
    }

    private string? Problem(string value, IReadOnlyCollection<string> targets)
    {
        if (IsFlag || FlagOf.Any(targets.Contains))
        {
            return value.Length == 0 || bool.TryParse(value, out _)
                ? null
                : $" is '{value}'; it can be true or false, and without a value it means true";
        }

        var known = Values.Where(v => v.Targets.Any(targets.Contains)).ToList();
        if (known.Count == 0)
            known = [.. Values];
        var text = string.Join(
            "; ",
            known.Select(k => string.Join(", ", k.Names) + (k.Targets.Count == 0 ? "" : $" ({string.Join(", ", k.Targets)})"))
        );
        if (value.Length == 0)
            return $" needs a value{(text.Length == 0 ? ": " + Text : "; known: " + text)}";
        if (CheckedBy.Any(targets.Contains))
            return null;
        if (known.Count > 0)
            return known.Any(k => k.Names.Contains(value)) ? null : $" is '{value}'; known: {text}";
        return Wrong(value);
    }
}

/// <summary>Values of an argument, and the targets that take these; none: all do.</summary>
public sealed record ArgumentValues(IReadOnlyList<string> Names, params IReadOnlyList<string> Targets);
