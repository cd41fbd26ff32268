using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>bundle.json: the runtime that packages hold.</summary>
public sealed record RuntimeRecord : StepRecord
{
    /// <summary>Name of the package.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the packaged program by its makers; each format makes its own of it.</summary>
    public required string Version { get; init; }

    /// <summary>Seconds since 1970: no time stamp of the package is later.</summary>
    public required long Epoch { get; init; }

    /// <summary>The tar's name below the folder bundle/.</summary>
    public required string File { get; init; }

    /// <summary>Of the tar.</summary>
    public required string Sha256 { get; init; }

    public required long TarBytes { get; init; }

    /// <summary>Sum of all file sizes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Entries of the tar, directories and links among them.</summary>
    public required int Entries { get; init; }

    /// <summary>Id of the verified minimal image that it was taken from.</summary>
    public required string MinimalImageId { get; init; }

    public required IReadOnlyList<RuntimeProgram> Programs { get; init; }

    /// <summary>
    /// Variables that the programs need: the variant's; one that names a file of the image names the file's place in the package.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Links outside of the package's own folder.</summary>
    public required IReadOnlyList<string> Links { get; init; }

    /// <summary>Files of the recipe's trees that lie in neither of the package's own folders.</summary>
    public IReadOnlyList<string> Placed { get; init; } = [];

    /// <summary>SPDX expression of everything in it.</summary>
    public required string Licence { get; init; }

    public required IReadOnlyList<RuntimePart> Parts { get; init; }

    /// <summary>Libraries in it that have a stand-in.</summary>
    public IReadOnlyList<RuntimeStandIn> StandIns { get; init; } = [];
}

/// <param name="Name">Name of its starter in /usr/bin.</param>
/// <param name="Path">Where the program itself is installed.</param>
public sealed record RuntimeProgram(string Name, string Path);

/// <summary>What is in the place of a library.</summary>
/// <param name="Library">Its SONAME.</param>
/// <param name="Answers">How many recorded answers are there; null: its functions only say that they were called.</param>
public sealed record RuntimeStandIn(string Library, int? Answers);
