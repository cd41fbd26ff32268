namespace Gfxbake.Formats.Dpkg;

/// <summary>One package of the dpkg database.</summary>
/// <remarks>
/// Source is the name of the source package, without a version, or the package's own name where dpkg gives none.
/// InstalledKib is Installed-Size as the package states it, in KiB, or 0 where it doesn't.
/// </remarks>
public sealed record InstalledPackage(string Name, string Version, string Architecture, string Source, long InstalledKib);
