using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Images;

/// <summary>Where a path leads inside an image, the way the kernel walks it.</summary>
/// <param name="Links">Every symbolic link that the walk went through, in order.</param>
/// <param name="Target">What the path names in the end, or null when some component is missing or the links go round in a circle.</param>
public sealed record PathResolution(IReadOnlyList<ImageEntry> Links, ImageEntry? Target);
