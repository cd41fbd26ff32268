using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>A file or link of the image and where it goes.</summary>
/// <param name="ImagePath">Its path in the image; null for what is made for the package.</param>
/// <param name="Entry">The entry as it is installed: path, link text, owner root, no extended attributes.</param>
/// <param name="Patch">How its loading is changed, or null.</param>
/// <param name="Content">Bytes of a file that is not the image's, or null.</param>
public sealed record RuntimeEntry(string? ImagePath, ImageEntry Entry, LoadPatch? Patch = null, byte[]? Content = null);

/// <summary>What patchelf changes in a file so that it loads from the runtime.</summary>
/// <param name="Interpreter">A program's new PT_INTERP; null for a library.</param>
/// <param name="RPath">A program's new DT_RPATH, which counts for all that it loads; null for a library, which loses its own.</param>
public sealed record LoadPatch(string? Interpreter, string? RPath);
