namespace Gfxbake.Formats.Elf;

/// <summary>A loaded object that asks for libraries, with what the loader remembers about it.</summary>
/// <param name="OpenedPath">The path by which it was opened: glibc takes a library's $ORIGIN from it.</param>
/// <param name="RealPath">The same file with all links resolved: glibc takes a program's $ORIGIN from it.</param>
/// <param name="Elf">What the file says.</param>
/// <param name="LoadedBy">The object that caused it to be loaded, whose DT_RPATH counts here as well; null for programs.</param>
public sealed record LibraryUser(string OpenedPath, string RealPath, ElfFile Elf, LibraryUser? LoadedBy);
