using Cake.Frosting;
using Gfxbake.Host.Packages;

namespace Gfxbake.Host.Tasks.Packages;

/// <summary>A .spec and an .rpm for dnf install.</summary>
[TaskName("FedoraPackage")]
[TaskDescription("Builds and tries the Fedora package of the minimal image")]
[IsDependentOn(typeof(PackageBundle))]
public sealed class FedoraPackage() : PackageTask("fedora");
