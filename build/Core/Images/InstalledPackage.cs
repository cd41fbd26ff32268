namespace Gfxbake.Core.Images;

public sealed record InstalledPackage(string Name, string Version, string Architecture, string Source, long InstalledKib);
