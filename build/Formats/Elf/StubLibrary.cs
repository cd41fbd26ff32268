using Gfxbake.Formats.Text;

namespace Gfxbake.Formats.Elf;

/// <summary>A library whose functions say their name and end the program; it stands in for one that nobody calls.</summary>
public sealed record StubLibrary
{
    private const int MostFunctions = 1 << 16,
        MostData = 1 << 10,
        MostVersions = 1 << 14,
        LongestName = 1 << 14,
        LongestText = 1024;

    public required string SoName { get; init; }

    /// <summary>Each once, in any order.</summary>
    public required IReadOnlyList<StubSymbol> Functions { get; init; }

    /// <summary>Variables whose addresses somebody takes. Who reads one ends with SIGSEGV: they lie in pages without any right.</summary>
    public IReadOnlyList<StubSymbol> Data { get; init; } = [];

    /// <summary>Versions that the loader must find; those of functions need not be named again.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>Why nobody calls it, for who does: a sentence without a full stop.</summary>
    public required string Why { get; init; }

    /// <summary>What to do about a call: a sentence without a full stop.</summary>
    public required string Next { get; init; }

    /// <summary>What a function writes after its name.</summary>
    public string Message => $" of {SoName} was called, but this image has a stand-in for that library: {Why}; next: {Next}\n";

    /// <summary>What keeps it from being written; null when nothing does.</summary>
    public string? Problem()
    {
        if (Functions.Count > MostFunctions || Data.Count > MostData || Versions.Count > MostVersions)
        {
            return $"{Functions.Count} functions, {Data.Count} variables and {Versions.Count} versions are more than a stand-in can have";
        }

        var all = Functions.Concat(Data).ToList();
        var names = all.SelectMany(f => new[] { f.Name, f.Version ?? "x" }).Concat(Versions).Append(SoName);
        if (names.FirstOrDefault(n => !IsName(n)) is { } strange)
            return $"'{PlainText.Visible(strange.Length > 80 ? strange[..80] : strange)}' is no name that a stand-in can have";
        if (new[] { Why, Next }.FirstOrDefault(t => t.Length is 0 or > LongestText || t.Any(char.IsControl)) is not null)
            return "the sentences that a stand-in writes must be of one line";
        if (all.GroupBy(f => (f.Name, f.Version)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return $"{twice.First()} is there twice";
        if (all.Where(f => f.IsDefault || f.Version is null).GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1) is { } both)
            return $"{string.Join(" and ", both)} can't both be what a program gets that names no version";
        return null;
    }

    /// <summary>
    /// A name of a version would end at '@'; what a terminal could be fooled by, or what was not UTF-8, is in no compiler's names.
    /// </summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => c > ' ' && c != '@' && c != '\ufffd') && PlainText.Visible(name) == name;
}

/// <summary>A function or variable of a stand-in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version, or null.</param>
/// <param name="IsDefault">Whether who names no version gets it; so does everybody where it has none.</param>
public sealed record StubSymbol(string Name, string? Version, bool IsDefault = true)
{
    /// <summary>As linkers write it: name, name@@default or name@other.</summary>
    public override string ToString() => Version is null ? Name : $"{Name}{(IsDefault ? "@@" : "@")}{Version}";

    public static StubSymbol Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return new(text, null);
        var isDefault = text.AsSpan(at).StartsWith("@@");
        return new(text[..at], text[(at + (isDefault ? 2 : 1))..], isDefault);
    }
}
