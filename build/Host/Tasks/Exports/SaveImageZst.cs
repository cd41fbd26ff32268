using Cake.Frosting;
using Gfxbake.Host.Exports;
using Gfxbake.Host.Tasks.Images;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Writes the full image as a .tar.zst below artifacts/images, with its checksum beside it.</summary>
[TaskName("SaveImageZst")]
[TaskDescription("Writes the full image as a .tar.zst")]
[IsDependentOn(typeof(FullImage))]
public sealed class SaveImageZst() : SaveTask("full", ".tar.zst");
