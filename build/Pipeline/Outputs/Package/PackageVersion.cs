using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>Versions that a package format takes, from those of dpkg and of tags.</summary>
/// <remarks>
/// An epoch of Debian's means nothing elsewhere, so a recipe says its own, and its revision counts Debian's own packaging. What is made of
/// the same upstream version is told apart by the package's release.
/// </remarks>
public static partial class PackageVersion
{
    // Of a file that packages of all formats have as their source.
    private static readonly PackageVersionRule InNames = new() { Signs = "A-Za-z0-9.+_" };

    /// <summary>The program's own version: "1:0.7.0+dfsg-2" becomes 0.7.0, "v0.5.7" 0.5.7; "b8770" stays.</summary>
    public static string Upstream(string version)
    {
        var text = DebianEpoch().Replace(version.Trim(), "");
        // A tag has no revision: what follows a hyphen is the maker's own word.
        if (text is ['v', >= '0' and <= '9', ..])
            return text[1..];
        if (text.Length > 0 && char.IsAsciiDigit(text[0]) && text.LastIndexOf('-') is > 0 and var revision)
            text = text[..revision];
        return Repacked().Replace(text, "");
    }

    /// <summary>An upstream version as a format takes it: what it can't have becomes a dot.</summary>
    public static string Of(string upstream, PackageVersionRule rule)
    {
        var text = Regex.Replace(upstream, $"[^{rule.Signs}]+", ".").Trim('.');
        if (text.Length == 0)
            return "0";
        return char.IsAsciiDigit(text[0]) ? text : rule.BeforeLetter + text;
    }

    /// <summary>What stands before a version where versions have begun anew: "1:"; nothing where they never did.</summary>
    public static string Epoch(int epoch) => epoch == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{epoch}:");

    /// <summary>An upstream version as a part of a file's name.</summary>
    public static string InFileName(string upstream) => Of(upstream, InNames);

    [GeneratedRegex(@"^\d+:")]
    private static partial Regex DebianEpoch();

    // What Debian's packagers leave out of a source: dfsg, ds, repack.
    [GeneratedRegex(@"[+~](dfsg|ds|repack)[.0-9]*$")]
    private static partial Regex Repacked();
}
