using System.Text.RegularExpressions;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Short names of Debian's copyright files that mean exactly one licence of the SPDX list.</summary>
internal static partial class LicenceNames
{
    // Names that are ids of the list. Where the list has a name for a family only, such as GPL-2.0, it is below.
    private static readonly HashSet<string> Ids = new(StringComparer.OrdinalIgnoreCase)
    {
        "0BSD",
        "AFL-2.1",
        "Apache-1.0",
        "Apache-1.1",
        "Apache-2.0",
        "Artistic-2.0",
        "Beerware",
        "BlueOak-1.0.0",
        "BSD-1-Clause",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSD-4-Clause",
        "BSD-4-Clause-UC",
        "BSD-Source-Code",
        "BSL-1.0",
        "bzip2-1.0.6",
        "CC-BY-3.0",
        "CC-BY-4.0",
        "CC-BY-SA-3.0",
        "CC-BY-SA-4.0",
        "CC0-1.0",
        "CDDL-1.0",
        "curl",
        "EPL-1.0",
        "EPL-2.0",
        "FSFAP",
        "FSFUL",
        "FSFULLR",
        "FTL",
        "HPND",
        "HPND-sell-variant",
        "ICU",
        "IJG",
        "ISC",
        "Libpng",
        "libtiff",
        "Linux-OpenIB",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-1.1",
        "MPL-2.0",
        "NCSA",
        "NTP",
        "OFL-1.1",
        "OpenSSL",
        "PostgreSQL",
        "PSF-2.0",
        "Python-2.0",
        "Sleepycat",
        "SMLNJ",
        "TCL",
        "Unicode-3.0",
        "Unicode-DFS-2015",
        "Unicode-DFS-2016",
        "Unlicense",
        "W3C",
        "WTFPL",
        "X11",
        "Zlib",
        "ZPL-2.1",
    };

    private static readonly Dictionary<string, string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Expat"] = "MIT",
        ["CC0"] = "CC0-1.0",
        ["Boost-1.0"] = "BSL-1.0",
        ["GPL-2+ with Autoconf exception"] = "GPL-2.0-or-later WITH Autoconf-exception-2.0",
        ["GPL-3+ with Autoconf exception"] = "GPL-3.0-or-later WITH Autoconf-exception-3.0",
        ["GPL-2+ with Libtool exception"] = "GPL-2.0-or-later WITH Libtool-exception",
        ["GPL-3+ with GCC exception"] = "GPL-3.0-or-later WITH GCC-exception-3.1",
        ["Apache-2.0 with LLVM exception"] = "Apache-2.0 WITH LLVM-exception",
        ["Apache-2.0 with LLVM exceptions"] = "Apache-2.0 WITH LLVM-exception",
    };

    private static readonly HashSet<string> Versions = new(StringComparer.Ordinal)
    {
        "GPL-1.0",
        "GPL-2.0",
        "GPL-3.0",
        "LGPL-2.0",
        "LGPL-2.1",
        "LGPL-3.0",
        "AGPL-3.0",
        "GFDL-1.1",
        "GFDL-1.2",
        "GFDL-1.3",
    };

    /// <summary>The SPDX id or id WITH exception; null when it can't be told, which is not guessed.</summary>
    public static string? Find(string name) => Ids.TryGetValue(name, out var id) ? id : Others.GetValueOrDefault(name) ?? Gnu(name);

    // "GPL-2", "GPL-2+", "LGPL-2.1+", "GPL-3.0-or-later"; without a version nobody can tell which is meant.
    private static string? Gnu(string name)
    {
        if (GnuName().Match(name) is not { Success: true } match)
        {
            return null;
        }

        var version = match.Groups["version"].Value;
        var family = match.Groups["family"].Value.ToUpperInvariant();
        var licence = $"{family}-{(version.Contains('.') ? version : version + ".0")}";

        // Debian's NIV: no invariant sections.
        var variant = match.Groups["niv"].Success ? "-no-invariants" : "";
        return !Versions.Contains(licence) || (variant.Length > 0 && family != "GFDL")
            ? null
            : licence + variant + (match.Groups["later"].Success ? "-or-later" : "-only");
    }

    [GeneratedRegex(
        "^(?<family>A?GPL|LGPL|GFDL)(?<niv>-NIV)?-(?<version>[0-9](\\.[0-9])?)((?<later>\\+|-or-later)|-only)?$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex GnuName();
}
