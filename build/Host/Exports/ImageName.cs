using System.Text.RegularExpressions;

namespace Gfxbake.Host.Exports;

/// <summary>A name that a build gave an image.</summary>
/// <param name="Recipe">The recipe; empty for the image that engines are tried with.</param>
/// <param name="Kind">What the image is.</param>
/// <param name="Checkout">Whose it is; empty for a name by which people find a finished image.</param>
internal sealed partial record ImageName(string Recipe, string Kind, string Checkout)
{
    // An image before those that it is made from.
    private const string Kinds = "installed|package|parts|tools|root|builder|standin|minimal|candidate|trace|full|base|probe";

    private static readonly string[] Order = Kinds.Split('|');

    /// <summary>Its place when images are removed.</summary>
    public int Rank => Array.IndexOf(Order, Kind);

    /// <summary>Whether it is a bare distribution that others stand on.</summary>
    public bool IsBase => Kind is "builder" or "standin" or "base";

    /// <summary>Null for a name that this project does not give.</summary>
    public static ImageName? Parse(string name)
    {
        if (Form().Match(name) is not { Success: true } parts)
            return null;
        var found = new ImageName(parts.Groups["recipe"].Value, parts.Groups["kind"].Value, parts.Groups["checkout"].Value);
        return found.Checkout.Length > 0 || found.Kind is "full" or "minimal" ? found : null;
    }

    [GeneratedRegex(
        $"^localhost/(gfxbake-(?<kind>probe):|(?<recipe>[^:/]+):[^:/]+-(?<kind>{Kinds})(-|$))(?<checkout>[0-9a-f]{{8}})?$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Form();
}
