namespace Gfxbake.Formats.Rpm;

/// <summary>One package of rpm's database.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Epoch">Null where it has none.</param>
/// <param name="Version">Upstream's.</param>
/// <param name="Release">The packager's.</param>
/// <param name="Architecture">"x86_64", "noarch" or another one; empty for keys, which rpm keeps as packages.</param>
/// <param name="SourceRpm">File name of the source package, or null.</param>
/// <param name="Licence">The field License, or null.</param>
/// <param name="Size">Bytes of its files, as it states them.</param>
/// <param name="Files">What it installed.</param>
internal sealed record RpmPackage(
    string Name,
    uint? Epoch,
    string Version,
    string Release,
    string Architecture,
    string? SourceRpm,
    string? Licence,
    ulong Size,
    IReadOnlyList<RpmFile> Files
)
{
    // rpmtag.h.
    private const uint NameTag = 1000,
        VersionTag = 1001,
        ReleaseTag = 1002,
        EpochTag = 1003,
        SizeTag = 1009,
        LicenceTag = 1014,
        ArchitectureTag = 1022,
        StatesTag = 1029,
        FlagsTag = 1037,
        SourceTag = 1044,
        DirectoryIndexTag = 1116,
        BaseNameTag = 1117,
        DirectoryTag = 1118,
        LongSizeTag = 5009;

    private const int MaxName = 256;

    // RPMFILE_LICENSE of rpmfiles.h: %license of a spec.
    private const uint LicenceFlag = 1 << 7;

    // RPMFILE_STATE_*: replaced by another package, not installed, and a place that another architecture's file has.
    private static readonly byte[] NotThere = [1, 2, 4];

    /// <exception cref="FormatException">The header is broken, or has no name, version or release.</exception>
    public static RpmPackage Read(byte[] blob)
    {
        var header = RpmHeader.Read(blob);
        var name = Needed(header, NameTag, "name");
        try
        {
            return new RpmPackage(
                name,
                header.Numbers(EpochTag) is [var epoch, ..] ? epoch : null,
                Needed(header, VersionTag, "version"),
                Needed(header, ReleaseTag, "release"),
                header.Text(ArchitectureTag) ?? "",
                header.Text(SourceTag),
                header.Text(LicenceTag),
                header.Long(LongSizeTag) ?? (header.Numbers(SizeTag) is [var size, ..] ? size : 0),
                FilesOf(header)
            );
        }
        catch (FormatException error)
        {
            throw new FormatException($"package '{name}': {error.Message}");
        }
    }

    /// <summary>[EPOCH:]VERSION-RELEASE.</summary>
    public string FullVersion => (Epoch is { } epoch ? epoch + ":" : "") + $"{Version}-{Release}";

    /// <summary>Name of the source package: what stands before version and release in its file's name.</summary>
    public string Source
    {
        get
        {
            var end = (SourceRpm ?? "").Split('-');
            return end.Length > 2 ? string.Join('-', end[..^2]) : Name;
        }
    }

    private static string Needed(RpmHeader header, uint tag, string what) =>
        header.Text(tag) switch
        {
            null or "" => throw new FormatException($"a package without a {what}"),
            // rpmbuild takes letters, digits and a few signs. What is printed must not be longer than a screen, nor steer one.
            { } text when text.Length > MaxName || text.Any(c => c is <= ' ' or >= (char)127) => throw new FormatException(
                $"a {what} of {text.Length} characters that no package has"
            ),
            { } text => text,
        };

    private static List<RpmFile> FilesOf(RpmHeader header)
    {
        var names = header.Texts(BaseNameTag);
        var directories = header.Texts(DirectoryTag);
        var indexes = header.Numbers(DirectoryIndexTag);
        var flags = header.Numbers(FlagsTag);
        var states = header.Bytes(StatesTag);
        if (indexes.Count != names.Count || (flags.Count > 0 && flags.Count != names.Count))
            throw new FormatException($"{names.Count} files in {indexes.Count} folders with {flags.Count} flags");
        var files = new List<RpmFile>(names.Count);
        for (var i = 0; i < names.Count; i++)
        {
            if (indexes[i] >= directories.Count)
                throw new FormatException($"file {i} is in folder {indexes[i]} of {directories.Count}");
            if (i < states.Length && NotThere.Contains(states[i]))
                continue;
            files.Add(new RpmFile(directories[(int)indexes[i]], names[i], i < flags.Count && (flags[i] & LicenceFlag) != 0));
        }

        return files;
    }
}

/// <summary>One file, link or directory of a package.</summary>
/// <param name="Directory">With a slash at its end.</param>
/// <param name="Name">Its last name; empty for the root.</param>
/// <param name="IsLicence">Whether the package marks it as its licence's text.</param>
internal readonly record struct RpmFile(string Directory, string Name, bool IsLicence)
{
    public string Path => Directory + Name;
}
