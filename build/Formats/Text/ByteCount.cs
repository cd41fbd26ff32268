using System.Globalization;
using System.Text.RegularExpressions;

namespace Gfxbake.Formats.Text;

/// <summary>A size as people write it in a recipe: bytes, or a number with a decimal unit.</summary>
public readonly partial record struct ByteCount(long Bytes)
{
    /// <summary>What a message says is expected.</summary>
    public const string Form = "bytes, or a size such as 900 MB (units kB, MB, GB; 1 MB is 1000000 bytes)";

    /// <summary>Reads "900 MB", "1.5 GB" or "943718400"; null for anything else, for zero and for parts of a byte.</summary>
    public static ByteCount? TryParse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            return null;
        var unit = match.Groups["unit"].Value switch
        {
            "kB" => 1_000m,
            "MB" => 1_000_000m,
            "GB" => 1_000_000_000m,
            _ => 1m,
        };
        var bytes = decimal.Parse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit;
        return bytes > 0 && bytes == decimal.Truncate(bytes) ? new ByteCount((long)bytes) : null;
    }

    // At most six digits of a fraction and nine of GB: far below the end of a long.
    [GeneratedRegex(@"\A(?:(?<number>[0-9]{1,15})(?: ?B)?|(?<number>[0-9]{1,9}(?:\.[0-9]{1,6})?) ?(?<unit>kB|MB|GB))\z")]
    private static partial Regex Pattern();
}
