using Gfxbake.Formats.Images;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>The code for one GPU that the files of an image hold, each code object in a file of its own.</summary>
internal static class CodeObjects
{
    /// <param name="image">The image.</param>
    /// <param name="isWanted">Says of which files, by their paths.</param>
    /// <param name="gpu">The GPU.</param>
    /// <param name="folder">Gets the files: FILE, or FILE-1, FILE-2 and so on of a library.</param>
    public static void Write(ImageFileSystem image, Predicate<string> isWanted, TargetId gpu, string folder)
    {
        foreach (var entry in image.Entries.Where(e => e.Kind == Formats.Tar.EntryKind.File && isWanted(e.Path)))
        {
            using var stream = image.OpenFile(entry);
            var name = Path.Combine(folder, Path.GetFileName(entry.Path));
            if (FatBinaryReader.TryRead(stream) is { } library)
            {
                foreach (var (number, bundle) in library.Bundles.Index())
                    Write(Content(stream, bundle), gpu, $"{name}-{number + 1}");
            }
            else
            {
                Write(stream, gpu, name);
            }
        }
    }

    private static MemoryStream Content(Stream library, OffloadBundle bundle)
    {
        var bytes = new byte[bundle.Slot];
        library.Position = bundle.Offset;
        library.ReadExactly(bytes);
        return new MemoryStream(bytes);
    }

    private static void Write(Stream stream, TargetId gpu, string file)
    {
        // Tables of kernels lie beside the kernels; the host's entry has no code.
        if (LooseCode.TryRead(stream) is not { } code || !code.Bundle.Entries.Any(e => e.Target == gpu && e.Size > 0))
            return;
        using var output = new FileStream(file, FileMode.CreateNew, FileAccess.ReadWrite);
        if (LooseRewrite.Plan(code, [gpu], OffloadForm.Raw) is { } bare)
        {
            bare.Write(stream, output);
            return;
        }

        stream.Position = 0;
        stream.CopyTo(output);
    }
}
