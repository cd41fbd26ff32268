using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Serving;

/// <summary>A model's files on the machine.</summary>
/// <param name="Path">Its only file, or the first of its parts.</param>
/// <param name="Parts">All of them.</param>
/// <param name="Projector">The file with which it sees pictures, where there is one.</param>
public sealed record ModelFiles(string Path, IReadOnlyList<string> Parts, string? Projector)
{
    public long Bytes => Parts.Where(File.Exists).Sum(p => new FileInfo(Real(p)).Length);

    /// <summary>The parts that are not there.</summary>
    public IEnumerable<string> Missing => Parts.Where(p => !File.Exists(p));

    /// <summary>
    /// Brings each file into a container, and nothing else of the machine. What a link stands for is mounted under the link's name: a cache
    /// of downloads has links that would lead nowhere in there.
    /// </summary>
    public MountedModel Mounted()
    {
        return new(
            Inside(Path),
            Projector is null ? null : Inside(Projector),
            [.. Parts.Append(Projector).OfType<string>().Select(f => new Mount(Real(f), Inside(f)))]
        );

        static string Inside(string file) => $"{RunRule.Folder}/{System.IO.Path.GetFileName(file)}";
    }

    private static string Real(string file) => new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file;
}

/// <summary>Finds models below a folder.</summary>
public static partial class ModelFolder
{
    private const int Deepest = 8;
    private const int MostEntries = 100_000;
    private const int MostParts = 1000;

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = Deepest,
        IgnoreInaccessible = true,
        AttributesToSkip = 0,
    };

    /// <summary>All files below a folder, as its paths with '/' in front; a part that is not the first is left out.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", Everything)
                .Take(MostEntries)
                .Select(f => "/" + Path.GetRelativePath(folder, f))
                .Where(f => PartName().Match(f) is not { Success: true } part || Number(part, "number") == 1)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The files that can be a preset's: those of its first pattern that finds any.</summary>
    /// <param name="folder">The folder with models.</param>
    /// <param name="files">What is in it, as <see cref="Files"/> gives it.</param>
    /// <param name="preset">The preset.</param>
    public static IReadOnlyList<ModelFiles> Find(string folder, IReadOnlyList<string> files, ModelPreset preset) =>
        preset
            .Files.Select(p => PathGlob.Parse("/" + p))
            .Select(g => files.Where(g.IsMatch).Select(f => Of(folder + f, preset.Projector)).ToList())
            .FirstOrDefault(f => f.Count > 0)
        ?? [];

    /// <summary>A model by its file, or by the first of its parts; whether the others are there is not looked at.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="projector">Patterns of a file beside it.</param>
    public static ModelFiles Of(string path, IReadOnlyList<string> projector)
    {
        var folder = Path.GetDirectoryName(path)!;
        var match = PartName().Match(path);
        var count = match.Success ? Number(match, "count") : 1;
        IReadOnlyList<string> parts = count is > 1 and <= MostParts
            ?
            [
                .. Enumerable
                    .Range(1, count)
                    .Select(n => $"{match.Groups["name"].Value}-{n:00000}-of-{count:00000}.{match.Groups["end"].Value}"),
            ]
            : [path];
        return new(path, parts, Beside(folder, projector));
    }

    private static string? Beside(string folder, IReadOnlyList<string> patterns) =>
        patterns.Count == 0 || !Directory.Exists(folder)
            ? null
            : Directory
                .EnumerateFiles(folder)
                .Take(MostEntries)
                .Order(StringComparer.Ordinal)
                .FirstOrDefault(f => patterns.Any(p => PathGlob.Matches(p, Path.GetFileName(f))));

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(?<name>.+)-(?<number>[0-9]{5})-of-(?<count>[0-9]{5})\.(?<end>[a-z0-9]+)\z")]
    private static partial Regex PartName();
}
