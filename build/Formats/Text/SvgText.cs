using System.Globalization;
using System.Net;
using System.Text;

namespace Gfxbake.Formats.Text;

/// <summary>Texts and numbers as a picture can hold them.</summary>
public static class SvgText
{
    // XML has no way to write most control characters, half a pair (a name may be cut there) or U+FFFE and U+FFFF.
    public static string Escape(string text) =>
        WebUtility.HtmlEncode(
            string.Concat(PlainText.Visible(text).EnumerateRunes().Select(r => r.Value is 0xfffe or 0xffff ? Rune.ReplacementChar : r))
        );

    /// <summary>Rounded to a tenth, so that the same data give the same bytes.</summary>
    public static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
