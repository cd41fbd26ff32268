using System.Text.RegularExpressions;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Dpkg;

/// <summary>dpkg's database of an image; without one it has no packages, and no file an owner.</summary>
/// <exception cref="ImageFormatException">Of any member: the database is broken.</exception>
public sealed partial class DpkgDatabase(ImageFileSystem image) : PackageDatabase
{
    public const string Directory = "/var/lib/dpkg";

    private readonly Lazy<IReadOnlyList<InstalledPackage>> packages = new(() => DpkgStatus.Read(image));
    private readonly Lazy<PathOwners> owners = new(() => PackageOwners.Read(image));

    public override string Type => "deb";

    public override IReadOnlyList<InstalledPackage> Packages => packages.Value;

    public override string? OwnerOf(string path) => owners.Value.Find(path);

    /// <summary>The copyright file, and the common licences that it names.</summary>
    public override IEnumerable<string> LicenceFiles(string package)
    {
        // A hostile database may have a package "..", whose copyright file would be no package's.
        if (package.Trim('.').Length == 0)
            yield break;
        yield return PackageCopyright.PathOf(package);
        foreach (var name in CommonLicence().Matches(PackageCopyright.Read(image, package) ?? "").Select(m => m.Value).Distinct())
        {
            // The name often stands at the end of a sentence.
            yield return image.Find(name) is null ? name.TrimEnd('.') : name;
        }
    }

    public override DeclaredLicence LicenceOf(string package) =>
        new(PackageCopyright.Read(image, package), PackageCopyright.PathOf(package), IsExpression: false);

    public override string Url(InstalledPackage package, string distribution) =>
        $"pkg:deb/{Escape(distribution)}/{Escape(package.Name)}@{Escape(package.Version)}"
        + (package.Architecture.Length == 0 ? "" : $"?arch={Escape(package.Architecture)}");

    [GeneratedRegex("/usr/share/common-licenses/[A-Za-z0-9][A-Za-z0-9.+-]*")]
    private static partial Regex CommonLicence();
}
