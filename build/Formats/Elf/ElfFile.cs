namespace Gfxbake.Formats.Elf;

/// <summary>What the dynamic loader of x86-64 Linux reads from an ELF file: its segments and what it asks to have loaded.</summary>
/// <remarks>Format: System V ABI, chapters 4 and 5, and its AMD64 supplement.</remarks>
public sealed record ElfFile
{
    public const ushort X8664 = 62,
        AmdGpu = 224;

    /// <summary>32 or 64.</summary>
    public required int Bits { get; init; }

    public required bool BigEndian { get; init; }

    /// <summary>e_machine: 62 is x86-64, 3 is i386, 224 is code for an AMD GPU.</summary>
    public required ushort Machine { get; init; }

    /// <summary>True for anything but 64-bit little-endian x86-64; of such a file nothing else is read.</summary>
    public bool IsForeign => Bits != 64 || BigEndian || Machine != X8664;

    public IReadOnlyList<ElfSegment> Segments { get; init; } = [];

    /// <summary>The program's loader (PT_INTERP); null for most libraries and for static programs.</summary>
    public string? Interpreter { get; init; }

    /// <summary>DT_NEEDED in file order.</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    public string? SoName { get; init; }

    /// <summary>DT_RPATH, directories separated by colons, as written.</summary>
    public string? RPath { get; init; }

    /// <summary>DT_RUNPATH, directories separated by colons, as written.</summary>
    public string? RunPath { get; init; }

    /// <summary>DF_1_NODEFLIB: the loader leaves the system's own directories out.</summary>
    public bool NoDefaultLibraries { get; init; }

    /// <summary>Where the section headers stand; Count is 0 when the file has none.</summary>
    internal (ulong Offset, int Count, int NameIndex, int EntrySize) SectionTable { get; init; }

    /// <summary>Reads a seekable stream; null when it does not start with the ELF magic.</summary>
    /// <exception cref="ElfFormatException">It starts as ELF and is malformed.</exception>
    public static ElfFile? TryRead(Stream stream)
    {
        var bytes = new ElfBytes(stream);
        return ElfReader.HasMagic(bytes) ? ElfReader.Read(bytes) : null;
    }

    /// <summary>Reads a seekable stream that must be ELF.</summary>
    /// <exception cref="ElfFormatException">It is not ELF, or malformed.</exception>
    public static ElfFile Read(Stream stream) =>
        TryRead(stream) ?? throw new ElfFormatException(0, "not an ELF file: the first bytes are not 7f 45 4c 46", 0);
}
