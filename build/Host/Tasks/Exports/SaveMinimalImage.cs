using Cake.Frosting;
using Gfxbake.Host.Exports;
using Gfxbake.Host.Tasks.Images;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Writes the minimal image as a .tar below artifacts/images, with its checksum beside it.</summary>
[TaskName("SaveMinimalImage")]
[TaskDescription("Writes the minimal image as a .tar")]
[IsDependentOn(typeof(MinimalImage))]
public sealed class SaveMinimalImage() : SaveTask("minimal", ".tar");
