using System.Collections.Concurrent;
using System.Text;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>What a kept file asks for.</summary>
internal sealed record FileProbe(ElfFile? Elf, string? BrokenElf, string? ScriptLine)
{
    public IReadOnlyList<string> LibraryNames { get; init; } = [];

    public IReadOnlyList<string> KernelPacks { get; init; } = [];
}

/// <summary>Reads files of the image, each once, from several threads at a time.</summary>
internal sealed class FileProbes(ImageFileSystem image)
{
    private const int LongestScriptLine = 255; // BINPRM_BUF_SIZE of the kernel, less the NUL
    private const int AnyExecute = 0x49; // octal 111

    private readonly ConcurrentDictionary<string, (ElfFile? Elf, string? Broken)> heads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FileProbe> probes = new(StringComparer.Ordinal);

    /// <summary>True for x86-64 ELF, also when it is broken: the loader takes such a file and fails on it.</summary>
    public bool IsLoadable(ImageEntry file) => Head(file) is { Elf.IsForeign: false } or { Broken: not null };

    /// <summary>What the file says to the loader of x86-64; null for everything else.</summary>
    public ElfFile? Elf(ImageEntry file) => Head(file).Elf is { IsForeign: false } elf ? elf : null;

    public FileProbe Probe(ImageEntry file) => probes.GetOrAdd(file.Path, _ => Read(file));

    private (ElfFile? Elf, string? Broken) Head(ImageEntry file) =>
        heads.GetOrAdd(
            file.Path,
            _ =>
            {
                try
                {
                    using var stream = image.OpenFile(file);
                    return (ElfFile.TryRead(stream), null);
                }
                catch (ElfFormatException error)
                {
                    return (null, error.Message);
                }
            }
        );

    private FileProbe Read(ImageEntry file)
    {
        var (elf, broken) = Head(file);
        if (elf is null)
            return new FileProbe(null, broken, broken is null && (file.Mode & AnyExecute) != 0 ? ReadScriptLine(file) : null);

        if (elf.IsForeign)
            return new FileProbe(elf, null, null);

        try
        {
            using var stream = image.OpenFile(file);
            return new FileProbe(elf, null, null)
            {
                LibraryNames = ElfLibraryNames.Find(stream, elf),
                KernelPacks = KernelPackNames.Read(stream, elf),
            };
        }
        catch (ElfFormatException error)
        {
            return new FileProbe(elf, error.Message, null);
        }
    }

    /// <summary>What follows "#!" in the first line, or null.</summary>
    private string? ReadScriptLine(ImageEntry file)
    {
        Span<byte> head = stackalloc byte[LongestScriptLine];
        using var stream = image.OpenFile(file);
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (!head.StartsWith("#!"u8))
        {
            return null;
        }

        var end = head.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(end < 0 ? head[2..] : head[2..end]).Trim();
    }
}
