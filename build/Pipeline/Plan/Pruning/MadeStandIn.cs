using Gfxbake.Formats.Elf;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>A stand-in that answers, as a plan sees it.</summary>
/// <param name="Elf">What it says to the loader.</param>
/// <param name="Functions">Names that it exports, in ordinal order.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="Answers">How many requests it has an answer to.</param>
public sealed record MadeStandIn(ElfFile Elf, IReadOnlyList<string> Functions, string Sha256, long Size, int Answers)
{
    /// <exception cref="ElfFormatException">It is no library.</exception>
    public static MadeStandIn Read(string file, string sha256, int answers)
    {
        using var stream = File.OpenRead(file);
        var elf = ElfFile.Read(stream);
        var functions = DynamicSymbols.Read(stream, elf).Exports.Select(e => e.Name).Distinct().Order(StringComparer.Ordinal);
        return new(elf, [.. functions], sha256, stream.Length, answers);
    }
}
