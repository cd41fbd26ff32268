namespace Gfxbake.Pipeline.Plan;

/// <summary>Why a path is kept or dropped. The comment says what Cause.By holds.</summary>
public enum Reason
{
    /// <summary>A workload touched it. By: the workloads, joined by ", ".</summary>
    Traced,

    /// <summary>A keep rule of the recipe names it. By: the rule's glob.</summary>
    RecipeKeep,

    /// <summary>Something is mounted here, so the place must be there. By: null.</summary>
    MountPoint,

    /// <summary>PT_INTERP. By: the program.</summary>
    Interpreter,

    /// <summary>The first line of a script. By: the script.</summary>
    ScriptInterpreter,

    /// <summary>DT_NEEDED. By: the program or library.</summary>
    NeededBy,

    /// <summary>A string in a kept program or library names it. By: the program or library.</summary>
    DlopenedBy,

    /// <summary>By: the symbolic link.</summary>
    SymlinkTarget,

    /// <summary>It holds the content of a kept hard link. By: the hard link.</summary>
    HardLinkTarget,

    /// <summary>A kernel file that names a wanted GPU. By: the library.</summary>
    KernelOfTarget,

    /// <summary>A kernel file that names no GPU, so every GPU may need it. By: the library.</summary>
    KernelOfAnyGpu,

    /// <summary>By: the first kept path below it.</summary>
    DirectoryOf,

    /// <summary>
    /// A link in the root to a kept directory, such as /lib -> usr/lib: programs and ld.so.cache use either name. By: the directory.
    /// </summary>
    AliasOf,

    /// <summary>
    /// The copyright file of a package that owns a kept file, a common licence that it refers to, or a link to one of them. By: the
    /// package.
    /// </summary>
    LicenceOf,

    /// <summary>Dropped: it lies below a mount. By: the mount's destination.</summary>
    Excluded,

    /// <summary>
    /// Dropped: a link that workloads met in a directory's listing, and that nobody opened. By: the workloads, joined by ", ".
    /// </summary>
    OnlyListed,

    /// <summary>
    /// Dropped: a library that only a name in some program's data stood for, and a rule of the recipe says that nobody loads it. By: the
    /// rule's glob.
    /// </summary>
    RecipeDrop,

    /// <summary>
    /// Dropped: of all that is in the image only a library with a stand-in needs it, and a stand-in needs nothing. By: that library.
    /// </summary>
    StandIn,

    /// <summary>Dropped: a kernel file for other GPUs. By: the GPUs that it names.</summary>
    OtherGpu,

    /// <summary>
    /// Dropped: a kernel file of the wanted GPU for types that no kept program asks for. By: the type, and the types that are asked for.
    /// </summary>
    OtherType,

    /// <summary>Dropped: a kernel file whose library is not kept. By: the library's file-name glob.</summary>
    LibraryDropped,

    /// <summary>Dropped: no workload, rule or kept file asks for it. By: null.</summary>
    Unreferenced,
}

/// <summary>One reason for a path, with the path, workload or rule that brought it.</summary>
public sealed record Cause(Reason Reason, string? By);
