namespace Gfxbake.Formats.Archives;

/// <summary>What an exported image holds, as its own bytes say.</summary>
/// <param name="ImageId">SHA-256 of the image's configuration, which engines use as the image's id: 64 hexadecimal digits.</param>
/// <param name="Names">The names that it gets when it is loaded.</param>
/// <param name="Layers">SHA-256 of each layer's tar, unpacked, lowest first.</param>
/// <param name="TarBytes">Length of the archive, unpacked.</param>
public sealed record ArchiveContents(string ImageId, IReadOnlyList<string> Names, IReadOnlyList<string> Layers, long TarBytes)
{
    /// <summary>The archive's name for each layer.</summary>
    public IReadOnlyList<string> LayerFiles { get; init; } = [];

    /// <summary>
    /// SHA-256 of each small file: of an image that containerd keeps, one is the manifest, whose digest is that engine's image id.
    /// </summary>
    public IReadOnlyList<string> Documents { get; init; } = [];
}
