using System.Globalization;

namespace Gfxbake.Formats.Text;

/// <summary>Sizes as people read them: decimal units, one digit after the point.</summary>
public static class SizeText
{
    /// <summary>A number of bytes.</summary>
    public static string Of(long bytes) =>
        bytes switch
        {
            < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
            < 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:#,0.0} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:#,0.0} GB"),
        };

    /// <summary>A number as programs read it.</summary>
    public static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of things, in groups of three digits.</summary>
    public static string Count(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
