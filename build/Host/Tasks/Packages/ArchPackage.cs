using Cake.Frosting;
using Gfxbake.Host.Packages;

namespace Gfxbake.Host.Tasks.Packages;

/// <summary>PKGBUILD, .SRCINFO and a .pkg.tar.zst for pacman -U.</summary>
[TaskName("ArchPackage")]
[TaskDescription("Builds and tries the Arch package of the minimal image")]
[IsDependentOn(typeof(PackageBundle))]
public sealed class ArchPackage() : PackageTask("arch");
