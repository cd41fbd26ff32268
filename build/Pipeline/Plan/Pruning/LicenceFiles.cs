using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Keeps the licence of every package of which something stays.</summary>
internal static class LicenceFiles
{
    /// <summary>Adds only texts and the links to them, which ask for nothing: the closure has not to run again.</summary>
    public static void Keep(ImageFileSystem image, PackageDatabase packages, KeptPaths kept, StandIns standIns)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);

        // A common licence belongs to base-files, a link may lead into another package: they have a licence too.
        while (Names(image, packages, kept, standIns).Where(done.Add).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } names)
            names.ForEach(name => KeepOf(name, image, packages, kept));
    }

    // What stands in for a library is no package's, nor is a link to it.
    private static List<string> Names(ImageFileSystem image, PackageDatabase packages, KeptPaths kept, StandIns standIns) =>
        [
            .. kept
                .Paths.Where(p => image.Find(p) is { Kind: not EntryKind.Directory } && !standIns.Replaces(p))
                .Select(packages.OwnerOf)
                .OfType<string>(),
        ];

    private static void KeepOf(string package, ImageFileSystem image, PackageDatabase packages, KeptPaths kept)
    {
        var cause = new Cause(Reason.LicenceOf, package);
        foreach (var path in packages.LicenceFiles(package))
            KeepText(path, cause, image, kept);
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
}
