using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Packages;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Turns what copyright files declare into SPDX licence expressions, and collects the texts of licences that have no id.</summary>
public sealed partial class LicenceReader
{
    private const string NoText = "The copyright file names this licence and gives no text for it.",
        NoTextInField = "The package names this licence in a field; its texts are among the files that it marks as licences.";

    private readonly SortedDictionary<string, ExtractedLicence> extracted = new(StringComparer.Ordinal);

    /// <summary>The licences without an id that were met, each once.</summary>
    public IReadOnlyList<ExtractedLicence> Extracted => [.. extracted.Values];

    /// <summary>What a package declares.</summary>
    public PackageLicence Read(DeclaredLicence declared)
    {
        if (!declared.IsExpression)
            return Read(declared.Where, declared.Text);
        return declared.Text?.Trim() is { Length: > 0 } text
            ? new PackageLicence(LicenceExpression.Map(text, InField) ?? InField(text), null)
            : new PackageLicence(null, $"The package has no field {declared.Where}.");
    }

    /// <summary>What a package's copyright file declares.</summary>
    /// <param name="path">Where the copyright file is, for the note.</param>
    /// <param name="text">Its text, or null when there is none.</param>
    public PackageLicence Read(string path, string? text)
    {
        if (text is null)
            return new PackageLicence(null, $"The image has no {path}.");

        if (CopyrightFile.TryParse(text) is not { } file)
            return new PackageLicence(null, $"{path} is not in Debian's machine-readable format; read it.");

        var parts = file.Declared.Select(declared => Expression(declared, file)).Distinct().Order(StringComparer.Ordinal).ToList();
        return new PackageLicence(parts.Count == 1 ? parts[0] : string.Join(" AND ", parts.Select(Bracket)), null);
    }

    // "and" binds more tightly than "or", unless a comma stands before it. Both kinds of comma in one name leave it open.
    private string Expression(string declared, CopyrightFile file)
    {
        var comma = Comma().Matches(declared).Select(m => m.Groups["word"].Value.ToLowerInvariant()).Distinct().ToList();
        var whole = file.Texts.ContainsKey(declared) && LicenceNames.Find(declared) is null && !Words().IsMatch(declared);
        return whole || comma.Count > 1 ? Licence(declared, file)
            : comma.Count == 1 ? Join(Comma().Replace(declared, "\n").Split('\n'), comma[0], part => Or(part, file))
            : Or(declared, file);
    }

    private string Or(string text, CopyrightFile file) => Join(Either().Split(text), "or", part => And(part, file));

    private string And(string text, CopyrightFile file) => Join(Both().Split(text), "and", part => Licence(part.Trim(' ', ','), file));

    private static string Join(IReadOnlyList<string> parts, string word, Func<string, string> read)
    {
        var expressions = parts.Select(p => p.Trim()).Where(p => p.Length > 0).Select(read).ToList();
        return expressions.Count == 1 ? expressions[0] : string.Join($" {word.ToUpperInvariant()} ", expressions.Select(Bracket));
    }

    private static string Bracket(string expression) =>
        expression.Contains(" AND ", StringComparison.Ordinal) || expression.Contains(" OR ", StringComparison.Ordinal)
            ? $"({expression})"
            : expression;

    private string Licence(string name, CopyrightFile file) =>
        LicenceNames.Find(name) ?? Extract(name, file.Texts.GetValueOrDefault(name, NoText));

    private string InField(string name) => Extract(name, NoTextInField);

    // One name has different texts in different packages, so the text is part of the id.
    private string Extract(string name, string text)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name + "\n" + text)))[..12];
        var safe = NotInId().Replace(name, "-").Trim('-');
        var id = $"LicenseRef-{safe[..Math.Min(safe.Length, 60)]}-{digest}";
        extracted.TryAdd(id, new ExtractedLicence(id, name, text));
        return id;
    }

    [GeneratedRegex(",\\s+(?<word>and|or)\\s+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Comma();

    [GeneratedRegex("\\s+or\\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Either();

    [GeneratedRegex("\\s+and\\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Both();

    [GeneratedRegex("\\s(and|or)\\s", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Words();

    [GeneratedRegex("[^A-Za-z0-9.-]+")]
    private static partial Regex NotInId();
}
