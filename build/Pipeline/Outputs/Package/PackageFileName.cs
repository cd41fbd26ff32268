using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>What a format calls the finished files of one package.</summary>
/// <param name="Format">The format.</param>
/// <param name="Name">The package's name.</param>
public sealed record PackageFileName(PackageFormat Format, string Name)
{
    private const string AnyVersion = ".+",
        AnyRelease = "[0-9]+",
        AnyEpoch = "([0-9]+:)?";

    public string Of(string upstream, int release, int epoch) =>
        Fill(
            Format.File,
            Name,
            PackageVersion.Of(upstream, Format.Version),
            release.ToString(CultureInfo.InvariantCulture),
            PackageVersion.Epoch(epoch)
        );

    /// <summary>Whether a file is this package in some version.</summary>
    public bool IsMatch(string file) =>
        Regex.IsMatch(
            file,
            $@"\A{Fill(Regex.Escape(Format.File).Replace(@"\{", "{"), Regex.Escape(Name), AnyVersion, AnyRelease, AnyEpoch)}\z"
        );

    private string Fill(string form, string name, string version, string release, string epoch) =>
        form.Replace("{name}", name, StringComparison.Ordinal)
            .Replace("{epoch}", epoch, StringComparison.Ordinal)
            .Replace("{version}", version, StringComparison.Ordinal)
            .Replace("{release}", release, StringComparison.Ordinal)
            .Replace("{architecture}", Format.Architecture, StringComparison.Ordinal);
}
