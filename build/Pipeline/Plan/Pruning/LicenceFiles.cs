using System.Text.RegularExpressions;
using Gfxbake.Formats.Dpkg;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Keeps the licence of every package of which something stays.</summary>
internal static partial class LicenceFiles
{
    /// <summary>Adds only texts and the links to them, which ask for nothing: the closure has not to run again.</summary>
    public static void Keep(ImageFileSystem image, PackageOwners owners, KeptPaths kept, StandIns standIns)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);

        // A common licence belongs to base-files, a link may lead into another package: they have a licence too.
        while (Packages(image, owners, kept, standIns).Where(done.Add).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } packages)
            packages.ForEach(package => KeepOf(package, image, kept));
    }

    // What stands in for a library is no package's, nor is a link to it.
    private static List<string> Packages(ImageFileSystem image, PackageOwners owners, KeptPaths kept, StandIns standIns) =>
        [
            .. kept
                .Paths.Where(p => image.Find(p) is { Kind: not EntryKind.Directory } && !standIns.Replaces(p))
                .Select(owners.Find)
                .OfType<string>()
                .Where(IsName),
        ];

    // A hostile database may have a package "..", whose copyright file would be no package's.
    private static bool IsName(string package) => package.Trim('.').Length > 0;

    private static void KeepOf(string package, ImageFileSystem image, KeptPaths kept)
    {
        var cause = new Cause(Reason.LicenceOf, package);
        KeepText(PackageCopyright.PathOf(package), cause, image, kept);
        foreach (var name in CommonLicence().Matches(PackageCopyright.Read(image, package) ?? "").Select(m => m.Value).Distinct())
        {
            // The name often stands at the end of a sentence.
            KeepText(image.Find(name) is null ? name.TrimEnd('.') : name, cause, image, kept);
        }
    }

    private static void KeepText(string path, Cause cause, ImageFileSystem image, KeptPaths kept)
    {
        // Something else than a text there, a directory for instance, is no licence.
        if (image.Resolve(path).Target is not { Kind: EntryKind.File or EntryKind.HardLink } text)
            return;

        kept.KeepPath(path, cause);
        if (text.Kind == EntryKind.HardLink && image.Find(text.LinkTarget!) is { } holder)
            kept.Keep(holder, new Cause(Reason.HardLinkTarget, text.Path));
    }

    [GeneratedRegex("/usr/share/common-licenses/[A-Za-z0-9][A-Za-z0-9.+-]*")]
    private static partial Regex CommonLicence();
}
