using Cake.Frosting;
using Gfxbake.Host.Exports;
using Gfxbake.Host.Tasks.Images;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Writes the full image as a .tar below artifacts/images, with its checksum beside it.</summary>
[TaskName("SaveImage")]
[TaskDescription("Writes the full image as a .tar")]
[IsDependentOn(typeof(FullImage))]
public sealed class SaveImage() : SaveTask("full", ".tar");
