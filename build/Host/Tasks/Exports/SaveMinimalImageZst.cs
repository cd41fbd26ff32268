using Cake.Frosting;
using Gfxbake.Host.Exports;
using Gfxbake.Host.Tasks.Images;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Writes the minimal image as a .tar.zst below artifacts/images, with its checksum beside it.</summary>
[TaskName("SaveMinimalImageZst")]
[TaskDescription("Writes the minimal image as a .tar.zst")]
[IsDependentOn(typeof(MinimalImage))]
public sealed class SaveMinimalImageZst() : SaveTask("minimal", ".tar.zst");
