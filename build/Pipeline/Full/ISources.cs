using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Full;

/// <summary>Brings what a full image is made of and this repository does not hold.</summary>
public interface ISources
{
    /// <summary>What a local checkout is at the moment; looks and changes nothing.</summary>
    LocalSource Look(string folder);

    /// <summary>The patch files of a source, in order; all are there.</summary>
    IReadOnlyList<string> Patches(SourceCode source);

    /// <summary>Puts the code of a source, patched, into a folder that is not there; fetches it where that was not done yet.</summary>
    /// <param name="source">What the recipe pins.</param>
    /// <param name="local">A checkout instead of that, or null.</param>
    /// <param name="folder">The folder.</param>
    void Put(SourceCode source, string? local, string folder);

    /// <summary>A file that the recipe pins, its content checked; downloads it where that was not done yet.</summary>
    /// <returns>Where it lies.</returns>
    string Get(Archive archive);
}

/// <summary>A local checkout.</summary>
/// <param name="Version">Its commit, or a word for a folder without one.</param>
/// <param name="Digest">Of names and contents.</param>
public sealed record LocalSource(string Version, string Digest);
