using System.Globalization;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Dpkg;

/// <summary>Reads which packages dpkg has installed in an image: deb-control(5) stanzas in /var/lib/dpkg.</summary>
internal static class DpkgStatus
{
    private const int MaxBytes = 64 << 20;

    /// <summary>
    /// The installed packages of status and of status.d (as distroless images have it), by name, then architecture;
    /// none when the image has no dpkg. Held packages count, half-installed and removed ones don't.
    /// </summary>
    /// <exception cref="ImageFormatException">A stanza can't be read, or a file is larger than 64 MiB.</exception>
    public static IReadOnlyList<InstalledPackage> Read(ImageFileSystem image)
    {
        var packages = new List<InstalledPackage>();
        var text = new ImageText(image, MaxBytes);
        if (image.Resolve("/var/lib/dpkg/status").Target is { Kind: EntryKind.File or EntryKind.HardLink } status)
            ReadStanzas(text, status, "", packages);

        var directory = image.Resolve("/var/lib/dpkg/status.d").Target;
        foreach (var entry in directory is null ? [] : image.Children(directory.Path))
        {
            if (entry.Kind is EntryKind.File or EntryKind.HardLink && !entry.Path.EndsWith(".md5sums", StringComparison.Ordinal))
            {
                // These files state no status: what is there is installed.
                ReadStanzas(text, entry, "install ok installed", packages);
            }
        }

        return
        [
            .. packages
                .OrderBy(package => package.Name, StringComparer.Ordinal)
                .ThenBy(package => package.Architecture, StringComparer.Ordinal),
        ];
    }

    private static void ReadStanzas(ImageText text, ImageEntry entry, string defaultStatus, List<InstalledPackage> packages)
    {
        var stanza = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var last = 0;
        foreach (var (line, number) in text.Lines(entry))
        {
            last = number;
            if (string.IsNullOrWhiteSpace(line))
            {
                Add(text, entry, number, stanza, defaultStatus, packages);
                stanza.Clear();
            }
            else if (line[0] is not (' ' or '\t'))
            {
                var colon = line.IndexOf(':');
                if (colon <= 0 || !stanza.TryAdd(line[..colon], line[(colon + 1)..].Trim()))
                    throw text.Fault(entry, number, colon <= 0 ? "no 'Field: value'" : $"the field '{line[..colon]}' again in one stanza");
            }
        }

        Add(text, entry, last, stanza, defaultStatus, packages);
    }

    private static void Add(
        ImageText text,
        ImageEntry entry,
        int line,
        Dictionary<string, string> stanza,
        string defaultStatus,
        List<InstalledPackage> packages
    )
    {
        // "want flag state": want is also 'hold' or 'deinstall' for packages whose files are all there.
        if (stanza.Count == 0 || !stanza.GetValueOrDefault("Status", defaultStatus).EndsWith(" ok installed", StringComparison.Ordinal))
            return;

        if (!stanza.TryGetValue("Package", out var name) || !stanza.TryGetValue("Version", out var version))
            throw text.Fault(entry, line, "an installed package without 'Package' or 'Version' ends");

        var source = stanza.GetValueOrDefault("Source", name);
        var size = 0L;
        if (
            stanza.TryGetValue("Installed-Size", out var kib)
            && !long.TryParse(kib, NumberStyles.None, CultureInfo.InvariantCulture, out size)
        )
        {
            throw text.Fault(entry, line, $"the package '{name}' with the Installed-Size '{kib}', which is no number, ends");
        }

        packages.Add(new InstalledPackage(name, version, stanza.GetValueOrDefault("Architecture", ""), source.Split(' ')[0], size));
    }
}
