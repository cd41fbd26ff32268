namespace Gfxbake.Formats.Strace;

/// <summary>Cuts the path out of a descriptor with its annotation.</summary>
internal static class DescriptorText
{
    /// <summary>
    /// Of "3&lt;/path>", "3&lt;/path>(deleted)" and, with -yy, "3&lt;/dev/null&lt;char 1:3>>" the escaped path; empty if there is none.
    /// </summary>
    public static ReadOnlySpan<byte> Annotation(ReadOnlySpan<byte> descriptor, out bool deleted)
    {
        deleted = descriptor.EndsWith(">(deleted)"u8);
        int open = descriptor.IndexOf((byte)'<');
        int close = descriptor.LastIndexOf((byte)'>');
        return open < 0 || close <= open ? [] : Path(descriptor[(open + 1)..close]);
    }

    /// <summary>The same of what stands between the outer brackets.</summary>
    public static ReadOnlySpan<byte> Path(ReadOnlySpan<byte> annotation)
    {
        int device = annotation.IndexOf((byte)'<');
        return device < 0 ? annotation : annotation[..device];
    }
}
