using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Rpm;

/// <summary>rpm's database of an image: SQLite, one header for each package.</summary>
public sealed class RpmDatabase : PackageDatabase
{
    private const string File = "rpmdb.sqlite";
    private const long MaxBytes = 512L << 20;
    private const int MaxPackages = 100_000;

    // Fedora's, then what it was before; the second is mostly a link to the first.
    private static readonly string[] Folders = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"];

    // Berkeley DB's and ndb's files, as rpm had them before SQLite, and openSUSE still has.
    private static readonly string[] OtherForms = ["Packages", "Packages.db"];

    private const string Convert = "rpmdb --rebuilddb --define '_db_backend sqlite' writes one that can be read.";

    private readonly PathOwners owners;
    private readonly List<RpmPackage> packages = [];
    private readonly Dictionary<string, List<string>> licences = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> licencesOfSource = new(StringComparer.Ordinal);
    private readonly ILookup<string, RpmPackage> byName;

    private RpmDatabase(ImageFileSystem image, ImageEntry database)
    {
        owners = new PathOwners(image);
        var files = 0;
        try
        {
            using var content = image.OpenFile(database);
            foreach (var blob in SqliteTable.Blobs(content, "Packages", column: 1))
            {
                if (packages.Count == MaxPackages)
                    throw new FormatException($"more than {MaxPackages} packages");
                packages.Add(RpmPackage.Read(blob));
                files += packages[^1].Files.Count;
                if (files > PathOwners.MaxPaths)
                    throw new FormatException($"more than {PathOwners.MaxPaths} files");
            }

            packages.Sort(ByNameAndArchitecture);
            packages.ForEach(AddFiles);
        }
        catch (FormatException error)
        {
            throw Fault(image, database, error.Message);
        }

        // The lists of files are in the owners now.
        packages = [.. packages.Select(p => p with { Files = [] })];
        byName = packages.ToLookup(p => p.Name, StringComparer.Ordinal);
        Packages =
        [
            .. packages.Select(p => new InstalledPackage(
                p.Name,
                p.FullVersion,
                p.Architecture,
                p.Source,
                (long)Math.Ceiling(p.Size / 1024m)
            )),
        ];
    }

    public override string Type => "rpm";

    public override IReadOnlyList<InstalledPackage> Packages { get; }

    /// <summary>The database of an image; null when it has none.</summary>
    /// <exception cref="ImageFormatException">It can't be read, was not closed, or is not SQLite.</exception>
    public static RpmDatabase? Read(ImageFileSystem image)
    {
        foreach (var folder in Folders)
        {
            if (image.Resolve($"{folder}/{File}").Target is not { Kind: EntryKind.File or EntryKind.HardLink } database)
                continue;
            if (database.Size > MaxBytes)
                throw Fault(image, database, $"larger than {MaxBytes} bytes");
            // Beside the file itself, wherever links led to it. Its newest pages may stand there, or the only whole ones.
            foreach (var ending in new[] { "-wal", "-journal" })
            {
                if (image.Resolve(database.Path + ending).Target is { Size: > 0 } open)
                    throw Fault(image, database, $"it was not closed: '{open.Path}' has {open.Size} bytes", "rpm --query --all closes it.");
            }

            return new RpmDatabase(image, database);
        }

        foreach (var path in Folders.SelectMany(f => OtherForms.Select(o => $"{f}/{o}")))
        {
            if (image.Resolve(path).Target is { Kind: EntryKind.File or EntryKind.HardLink } other)
                throw Fault(image, other, "an rpm database that is not SQLite", Convert);
        }

        return null;
    }

    public override string? OwnerOf(string path) => owners.Find(path);

    /// <summary>What it marks as %license; a package without any leaves that to another of the same source.</summary>
    public override IEnumerable<string> LicenceFiles(string package) =>
        (
            licences.GetValueOrDefault(package)
            ?? byName[package].SelectMany(p => licencesOfSource.GetValueOrDefault(p.SourceRpm ?? "") ?? [])
        ).Distinct();

    public override DeclaredLicence LicenceOf(string package) =>
        new(byName[package].Select(p => p.Licence).FirstOrDefault(l => !string.IsNullOrWhiteSpace(l)), "License", IsExpression: true);

    public override string Url(InstalledPackage package, string distribution)
    {
        // The type has version and release as the version, and the epoch among the qualifiers, which are in the order of their names.
        var epoch = package.Version.Split(':') is [var first, _] ? first : null;
        var qualifiers = new[] { ("arch", package.Architecture), ("epoch", epoch ?? "") }.Where(q => q.Item2.Length > 0);
        var version = package.Version[(epoch is null ? 0 : epoch.Length + 1)..];
        return $"pkg:rpm/{Escape(distribution)}/{Escape(package.Name)}"
            + (version.Length == 0 ? "" : "@" + Escape(version))
            + string.Concat(qualifiers.Select((q, i) => $"{(i == 0 ? '?' : '&')}{q.Item1}={Escape(q.Item2)}"));
    }

    private void AddFiles(RpmPackage package)
    {
        foreach (var file in package.Files)
        {
            if (!file.Directory.StartsWith('/') || file.Path.Length > PathOwners.MaxLength)
                throw new FormatException($"package '{package.Name}' has no absolute path of at most {PathOwners.MaxLength} characters");
            if (owners.PathOf(file.Path) is not { } path)
                continue;
            owners.Add(path, package.Name);
            // Nothing is kept as the licence of a package that it has not brought.
            if (!file.IsLicence || owners.Find(path) != package.Name)
                continue;
            Add(licences, package.Name, path);
            if (package.SourceRpm is { Length: > 0 } source)
                Add(licencesOfSource, source, path);
        }
    }

    private static void Add(Dictionary<string, List<string>> lists, string key, string path)
    {
        if (!lists.TryGetValue(key, out var list))
            lists.Add(key, list = []);
        list.Add(path);
    }

    private static int ByNameAndArchitecture(RpmPackage a, RpmPackage b) =>
        string.CompareOrdinal(a.Name, b.Name) is var name and not 0 ? name
        : string.CompareOrdinal(a.Architecture, b.Architecture) is var architecture and not 0 ? architecture
        : string.CompareOrdinal(a.FullVersion, b.FullVersion);

    private static ImageFormatException Fault(
        ImageFileSystem image,
        ImageEntry database,
        string what,
        string next = "Repair rpm's database in the image, or make the image again."
    ) => image.Fault(database, $"'{database.Path}': {what}", next);
}
