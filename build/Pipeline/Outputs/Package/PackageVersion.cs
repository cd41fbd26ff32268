using System.Text.RegularExpressions;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>Versions that pacman and rpm take, from those of dpkg and of tags.</summary>
/// <remarks>
/// Neither pacman (PKGBUILD(5), pkgver) nor rpm takes a hyphen or a colon; an epoch of Debian's means nothing elsewhere, and its revision
/// counts Debian's own packaging. What is made of the same upstream version is told apart by the package's release.
/// </remarks>
public static partial class PackageVersion
{
    /// <summary>"1:0.7.0+dfsg-2" becomes 0.7.0; "b8770" stays; what else a version can't have becomes a dot.</summary>
    public static string Of(string version)
    {
        var text = Epoch().Replace(version.Trim(), "");
        if (text.Length > 0 && char.IsAsciiDigit(text[0]) && text.LastIndexOf('-') is > 0 and var revision)
            text = text[..revision];
        text = Foreign().Replace(Repacked().Replace(text, ""), ".").Trim('.');
        return text.Length > 0 ? text : "0";
    }

    [GeneratedRegex(@"^\d+:")]
    private static partial Regex Epoch();

    // What Debian's packagers leave out of a source: dfsg, ds, repack.
    [GeneratedRegex(@"[+~](dfsg|ds|repack)[.0-9]*$")]
    private static partial Regex Repacked();

    [GeneratedRegex(@"[^A-Za-z0-9.+_]+")]
    private static partial Regex Foreign();
}
