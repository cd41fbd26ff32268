namespace Gfxbake.Pipeline.ServerLog;

/// <summary>The environment that Ollama prints when it begins: map[NAME:value NAME:value …], as Go prints a map.</summary>
public static class ServerEnvironment
{
    /// <summary>The variables that this server reads, with their values. A value may hold spaces; lists stand in brackets.</summary>
    public static IReadOnlyDictionary<string, string> Read(string text)
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var at = text.IndexOf("map[", StringComparison.Ordinal);
        if (at < 0)
            return read;
        string? name = null;
        // Where a name may begin; -1: not before the next space, for "http" of "NAME:http://…" is no name.
        var (depth, start, word) = (1, at + 4, at + 4);
        for (at += 4; at < text.Length && depth > 0; at++)
        {
            var sign = text[at];
            if (sign == '[')
                depth++;
            else if (sign == ']' && --depth == 0)
                break;
            if (depth > 1)
                continue;
            if (sign == ' ')
                word = at + 1;
            if (sign != ':' || word < 0 || !IsName(text.AsSpan(word, at - word)))
                continue;
            if (name is not null)
                read[name] = text[start..Math.Max(start, word - 1)];
            (name, start, word) = (text[word..at], at + 1, -1);
        }

        if (name is not null)
            read[name] = text[start..at];
        return read;
    }

    private static bool IsName(ReadOnlySpan<char> word)
    {
        foreach (var sign in word)
        {
            if (!char.IsAsciiLetterOrDigit(sign) && sign != '_')
                return false;
        }

        return word.Length > 0;
    }
}
