namespace Gfxbake.Formats.Elf;

/// <summary>What keeps the loader from opening a library.</summary>
public enum LinkFault
{
    /// <summary>A needed library is nowhere.</summary>
    Missing,

    /// <summary>A file is no library of x86-64, or a broken one.</summary>
    Broken,

    /// <summary>A library lacks a version that another demands of it.</summary>
    VersionMissing,

    /// <summary>No loaded library has a symbol that another needs.</summary>
    SymbolMissing,
}

/// <summary>One thing that keeps the loader from opening a library.</summary>
/// <param name="Fault">What it is.</param>
/// <param name="User">The file that asks.</param>
/// <param name="Name">The library, version or symbol that is asked for; of a broken file what is wrong with it.</param>
/// <param name="Provider">The file that should have it; null where none is named.</param>
public sealed record LinkProblem(LinkFault Fault, string User, string Name, string? Provider = null);

/// <summary>A file that the loader has mapped.</summary>
/// <param name="Name">The name that it was asked for by.</param>
/// <param name="OpenedPath">The path by which it was opened.</param>
/// <param name="Path">The file itself.</param>
/// <param name="SoName">Its own name; null where it has none.</param>
/// <param name="User">The file that asked for it first; null for what was opened by itself.</param>
public sealed record LinkedObject(string Name, string OpenedPath, string Path, string? SoName, string? User)
{
    /// <summary>
    /// Whether the file says another name than it was asked for by. The loader does not look at that, and the library's makers change the
    /// name when its functions change.
    /// </summary>
    public bool HasOtherName => SoName is not null && !Name.Contains('/') && SoName != Name;
}

/// <summary>What the loader would do.</summary>
/// <param name="Objects">What it maps, in its order.</param>
/// <param name="Problems">What makes it give up; none: it opens the library.</param>
public sealed record LinkResult(IReadOnlyList<LinkedObject> Objects, IReadOnlyList<LinkProblem> Problems)
{
    public bool Loads => Problems.Count == 0;
}
