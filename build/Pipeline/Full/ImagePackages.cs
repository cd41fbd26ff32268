using Gfxbake.Formats.Dpkg;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Rpm;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Full;

/// <summary>Finds the package database that an image has.</summary>
public static class ImagePackages
{
    /// <summary>rpm's or dpkg's. An image without either has no packages; one with packages in both is refused.</summary>
    /// <remarks>Where a package manager is installed as a mere tool its own database stays empty; such a one doesn't count.</remarks>
    /// <exception cref="ImageFormatException">A database is broken, or both hold packages.</exception>
    public static PackageDatabase Read(ImageFileSystem image)
    {
        var dpkg = new DpkgDatabase(image);
        if (RpmDatabase.Read(image) is not { Packages.Count: > 0 } rpm)
            return dpkg;
        if (dpkg.Packages.Count == 0)
            return rpm;
        throw image.Fault(
            image.Resolve(DpkgDatabase.Directory).Target!,
            $"rpm has {rpm.Packages.Count} packages in the image and dpkg {dpkg.Packages.Count}, so files would have two owners or none",
            $"Let the Dockerfile install with one of them, or remove the other's database: {DpkgDatabase.Directory} or rpm's rpmdb.sqlite."
        );
    }
}
