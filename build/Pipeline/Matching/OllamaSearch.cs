using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Matching;

/// <summary>Finds Ollama by its files.</summary>
/// <param name="facts">Where it may lie.</param>
/// <param name="tree">The machine.</param>
public sealed class OllamaSearch(OllamaFacts facts, MachineTree tree)
{
    private const int ChunkBytes = 1 << 20;
    private const int Overlap = 256;
    private const string Own = "{backend}";
    private const long MostProgramBytes = 1L << 30;

    /// <summary>What Go keeps of the command that linked the program is text in front of and behind this.</summary>
    private readonly Regex version = new(facts.Version, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <param name="given">The folder to look into instead of the machine, as the tree shows it; null for the machine.</param>
    public IReadOnlyList<OllamaInstallation> Find(string? given)
    {
        var places = given is null ? facts.Folders : facts.Below.Select(b => $"{given}/{b}");
        var folders = places
            .Select(p => tree.Files.Resolve(p).Target)
            .OfType<ImageEntry>()
            .Where(e => e.Kind == EntryKind.Directory)
            .DistinctBy(e => e.Path)
            .Select(e => Look(e.Path))
            // A folder of that name may be empty, or hold something else.
            .Where(o => o is { Layout: not null } or { Program: not null } or { Vulkan: not null })
            .ToList();
        return given is null ? folders : [.. folders.OrderBy(o => o.Layout is null).Take(1)];
    }

    private OllamaInstallation Look(string folder)
    {
        var program = facts.Programs.Select(p => tree.FileAt($"{folder}/{p}")).FirstOrDefault(p => p is not null);
        var layout = facts.Layouts.FirstOrDefault(l => l.Has.All(h => Paths(folder, h).Count > 0));
        var backends = layout is null ? [] : Backends(folder, layout, program);
        return new()
        {
            Folder = folder,
            Program = program,
            Version = program is null ? null : VersionIn(program),
            Layout = layout?.Name,
            About = layout?.About,
            Selects = layout?.Selects ?? false,
            Backends = backends,
            Vulkan = facts.Vulkan.SelectMany(v => Paths(folder, v)).FirstOrDefault(p => tree.FileAt(p) is not null),
            Problems = [.. Problems(folder, program, layout, backends)],
        };
    }

    private List<OllamaBackend> Backends(string folder, OllamaLayout layout, string? program) =>
        [
            .. Paths(folder, layout.Backend)
                // libggml-hip.so may be a link to libggml-hip.so.0 beside it.
                .Where(p => tree.FileAt(p) is not null)
                .DistinctBy(tree.FileAt)
                // Ollama takes the last in the order of their names.
                .OrderByDescending(p => p, StringComparer.Ordinal)
                .Select(p => Backend(folder, layout, p, program)),
        ];

    private OllamaBackend Backend(string folder, OllamaLayout layout, string library, string? program)
    {
        var own = ImagePath.Parent(library);
        var rocm = Filled(layout.Rocm);
        return new()
        {
            Library = library,
            Name = own[(own.LastIndexOf('/') + 1)..],
            Rocm = Paths(rocm, facts.Rocm.Library).Count > 0 ? rocm : null,
            Process = layout.Process is { } process ? tree.FileAt(Filled(process)) : program,
            Search = [.. layout.Search.Select(Filled).Distinct(StringComparer.Ordinal)],
        };

        string Filled(string text) =>
            text == "." ? folder
            : text.StartsWith(Own, StringComparison.Ordinal) ? own + text[Own.Length..]
            : $"{folder}/{text}";
    }

    private static IEnumerable<string> Problems(string folder, string? program, OllamaLayout? layout, List<OllamaBackend> backends)
    {
        if (program is null)
            yield return $"the program ollama is not where {folder} should have it";
        if (layout is null)
            yield return $"{folder} has nothing that computes on AMD's GPUs, or lies as no known Ollama does";
        else if (backends.Count == 0)
            yield return $"{folder}/{layout.Backend} is there and is no file";
    }

    private IReadOnlyList<string> Paths(string folder, string pattern) => TreeGlob.Find(tree.Files, $"{folder}/{pattern}");

    private string? VersionIn(string program)
    {
        try
        {
            using var stream = tree.Files.OpenFile(tree.Files.Resolve(program).Target!);
            var buffer = new byte[ChunkBytes + Overlap];
            for (int kept = 0, read; stream.Position < MostProgramBytes; kept = Overlap)
            {
                read = stream.ReadAtLeast(buffer.AsSpan(kept, ChunkBytes), ChunkBytes, throwOnEndOfStream: false);
                if (version.Match(Encoding.Latin1.GetString(buffer, 0, kept + read)) is { Success: true } match)
                    return match.Groups[1].Value;
                if (read < ChunkBytes)
                    return null;
                buffer.AsSpan(kept + read - Overlap, Overlap).CopyTo(buffer);
            }
        }
        catch (IOException)
        {
            // A program that may be run and not read tells nothing.
        }

        return null;
    }
}
