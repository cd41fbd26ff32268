namespace Gfxbake.Formats.Elf;

/// <summary>One program header: a range of the file and the memory that it fills.</summary>
public sealed record ElfSegment(uint Type, uint Flags, long Offset, ulong VirtualAddress, long FileSize, ulong MemorySize, ulong Alignment)
{
    public const uint Load = 1,
        Dynamic = 2,
        Interpreter = 3,
        Note = 4;

    public bool IsExecutable => (Flags & 1) != 0;
}

/// <summary>One section header. The loader reads none of them, so a file may lack them.</summary>
public sealed record ElfSection(string Name, uint Type, ulong Flags, long Offset, long Size)
{
    public const uint ProgramBits = 1;
}
