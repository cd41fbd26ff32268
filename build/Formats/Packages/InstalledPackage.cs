namespace Gfxbake.Formats.Packages;

/// <summary>One package of an image's database.</summary>
/// <remarks>
/// Version is dpkg's, or of an RPM [EPOCH:]VERSION-RELEASE. Source is the name of the source package, without a version, or the package's
/// own name where the database gives none. InstalledKib is the installed size as the package states it, in KiB, or 0 where it doesn't.
/// </remarks>
public sealed record InstalledPackage(string Name, string Version, string Architecture, string Source, long InstalledKib);
