using Gfxbake.Pipeline.Serving;

namespace Gfxbake.Pipeline.Units;

/// <summary>One model as other programs are to run it.</summary>
/// <param name="Name">Its preset's.</param>
/// <param name="Title">For people.</param>
/// <param name="Run">How the image runs it.</param>
/// <param name="Options">The same program's options by their names without dashes, with the paths of the image.</param>
/// <param name="HostArguments">The words for the same program without the image, with the paths of the machine.</param>
/// <param name="HostFiles">The model's files on the machine.</param>
public sealed record UnitModel(
    string Name,
    string Title,
    ProgramRun Run,
    IReadOnlyList<KeyValuePair<string, string>> Options,
    IReadOnlyList<string> HostArguments,
    IReadOnlyList<string> HostFiles
);

/// <summary>What the files of units are about.</summary>
public sealed record UnitSet
{
    /// <summary>The recipe's summary and the variant.</summary>
    public required string Title { get; init; }

    public required string Recipe { get; init; }

    /// <summary>The package, and what a box or a project is called: recipe and variant.</summary>
    public required string Box { get; init; }

    /// <summary>The image with a shell and a package manager.</summary>
    public required string FullImage { get; init; }

    /// <summary>The account that the package makes; empty where there is no package.</summary>
    public required string User { get; init; }

    /// <summary>The image's own question whether it is well; none: it has none.</summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    public required IReadOnlyList<UnitModel> Models { get; init; }
}

/// <summary>A file that was filled.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Text">What is in it.</param>
/// <param name="Use">What to do with it; {file} stands for its path.</param>
public sealed record UnitFile(string Format, string Name, string Text, string Use);

/// <summary>Files of units can't be made or written; the message says why and what to do.</summary>
public sealed class UnitException(string message) : Exception(message);
