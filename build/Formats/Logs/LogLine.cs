namespace Gfxbake.Formats.Logs;

/// <summary>One line of a server's log. It may hold anything: show it through PlainText.</summary>
public sealed record LogLine
{
    /// <summary>From 1.</summary>
    public required long Number { get; init; }

    /// <summary>The journal's name of the program that wrote it; null where the line has no such prefix.</summary>
    public string? Program { get; init; }

    /// <summary>INFO, WARN, …; null where the line is no record of key=value pairs.</summary>
    public string? Level { get; init; }

    public string? Message { get; init; }

    /// <summary>The record's other pairs, the last one of a name.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>What to search: the message and its pairs with quotes undone, or the whole line without the journal's prefix.</summary>
    public required string Text { get; init; }

    /// <summary>Whether it was longer than the reader takes; Text is its start.</summary>
    public bool IsCut { get; init; }
}
