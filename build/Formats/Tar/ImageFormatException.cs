namespace Gfxbake.Formats.Tar;

/// <summary>An export tar, or a file inside it, that can't be read as what it should be.</summary>
public sealed class ImageFormatException : Exception
{
    /// <param name="export">The export's path.</param>
    /// <param name="offset">Where in the export the fault lies, in bytes from its start.</param>
    /// <param name="what">What is wrong, without a full stop.</param>
    /// <param name="next">What to do about it, as a sentence.</param>
    public ImageFormatException(string export, long offset, string what, string next = "Export the image again.")
        : base($"{export}: byte {offset}: {what}. {next}") => (Export, Offset) = (export, offset);

    public string Export { get; }

    /// <summary>Bytes from the start of the export.</summary>
    public long Offset { get; }
}
