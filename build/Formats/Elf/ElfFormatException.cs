namespace Gfxbake.Formats.Elf;

/// <summary>A file starts like ELF and then breaks the format.</summary>
public sealed class ElfFormatException : Exception
{
    public ElfFormatException(long offset, string problem, ulong value)
        : base($"{problem} (0x{value:x}) at offset 0x{offset:x}")
    {
        Offset = offset;
        Value = value;
    }

    /// <summary>Where in the file the bad value stands, in bytes.</summary>
    public long Offset { get; }

    public ulong Value { get; }
}
