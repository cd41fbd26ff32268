using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Tensile;

/// <summary>A file that a table names and that is not there.</summary>
/// <param name="Table">The table that names it.</param>
/// <param name="Files">The names under which it would do, the usual one first.</param>
/// <param name="Gpu">The GPU whose kernels need it.</param>
/// <param name="IsTable">A missing table ends the program with SIGSEGV; without code only some computations fail.</param>
public sealed record TensileGap(string Table, IReadOnlyList<string> Files, string Gpu, bool IsTable);

/// <summary>
/// The folder of rocBLAS's kernels: a table for each GPU names further tables, and these the files that hold the code. All are opened only
/// when a computation asks for them.
/// </summary>
/// <param name="tree">Where the files lie.</param>
/// <param name="isThere">Whether a path is there; the tree is asked if left out.</param>
public sealed class TensileFolder(IFileTree tree, Func<string, bool>? isThere = null)
{
    private const string Prefix = "TensileLibrary_lazy_",
        WholePrefix = "TensileLibrary_",
        Ending = ".dat",
        Helpers = "Kernels.so-000-",
        Fallback = "fallback";

    private static readonly string[] Features = ["", "-xnack+", "-xnack-"];

    private readonly Func<string, bool> isThere =
        isThere ?? (p => tree.Resolve(p).Target is { Kind: EntryKind.File or EntryKind.HardLink });

    /// <summary>The GPU whose table a path is; null where it is none's.</summary>
    public static string? GpuOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal)
            ? name[Prefix.Length..^Ending.Length]
            : null;
    }

    /// <summary>
    /// The table that a GPU's computations start with: in the folder, in one of the GPU's own, or for all GPUs of its kind; null where
    /// there is none.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="gpu">For instance gfx1100.</param>
    /// <param name="covers">Whether code named for a generic target runs on a GPU.</param>
    public string? TableOf(string folder, string gpu, Func<string, string, bool> covers)
    {
        string[] usual =
        [
            $"{folder}/{gpu}/{Prefix}{gpu}{Ending}",
            $"{folder}/{Prefix}{gpu}{Ending}",
            $"{folder}/{gpu}/{WholePrefix}{gpu}{Ending}",
            $"{folder}/{WholePrefix}{gpu}{Ending}",
        ];
        return usual.FirstOrDefault(isThere)
            ?? (tree.Resolve(folder).Target is { Kind: EntryKind.Directory } directory ? tree.Children(directory.Path) : [])
                .Select(c => c.Path)
                .FirstOrDefault(p => GpuOf(p) is { } named && covers(named, gpu) && isThere(p));
    }

    /// <summary>The GPUs that a folder has a table for.</summary>
    public IEnumerable<string> Gpus(string folder) =>
        tree.Resolve(folder).Target is { Kind: EntryKind.Directory } directory
            ? tree.Children(directory.Path).Select(c => GpuOf(c.Path)).OfType<string>()
            : [];

    /// <summary>Everything that a GPU's table asks for and that is not there.</summary>
    /// <param name="table">The table, as TableOf gives it.</param>
    /// <param name="gpu">The GPU that it is for.</param>
    /// <exception cref="TensileFormatException">A table is malformed.</exception>
    /// <exception cref="IOException">A table can't be read.</exception>
    public IReadOnlyList<TensileGap> Gaps(string table, string gpu)
    {
        var folder = ImagePath.Parent(table);
        var gaps = new List<TensileGap>();
        foreach (var prefix in Read(table).Tables.Where(IsFileName))
        {
            var next = $"{folder}/{prefix}{Ending}";
            if (!isThere(next))
            {
                gaps.Add(new(table, [next], gpu, IsTable: true));
                continue;
            }

            var named = Read(next);
            if (named.HasSourceKernels)
                AddMissing(gaps, next, gpu, [.. Sources(folder, prefix, gpu)]);
            if (named.HasAssembledKernels)
                AddMissing(gaps, next, gpu, [$"{folder}/{prefix}.co"]);
        }

        if (tree.Resolve(folder).Target is { } directory && HasHelpers(directory.Path))
            AddMissing(gaps, table, gpu, [.. Features.Select(f => $"{folder}/{Helpers}{gpu}{f}.hsaco")]);
        return gaps;
    }

    private bool HasHelpers(string folder) =>
        tree.Children(folder).Any(c => c.Path.AsSpan(folder.Length + 1).StartsWith(Helpers, StringComparison.Ordinal));

    private void AddMissing(List<TensileGap> gaps, string table, string gpu, IReadOnlyList<string> files)
    {
        if (!files.Any(isThere))
            gaps.Add(new(table, files, gpu, IsTable: false));
    }

    /// <summary>Since ROCm 7.14 a fallback's name has the GPU in it already.</summary>
    private static IEnumerable<string> Sources(string folder, string prefix, string gpu)
    {
        string[] stems =
            prefix.Contains(Fallback, StringComparison.Ordinal) && !prefix.EndsWith("_" + gpu, StringComparison.Ordinal)
                ? [$"{prefix}_{gpu}"]
                : [prefix, $"{prefix}_{gpu}"];
        return stems.SelectMany(s => Features.Select(f => $"{folder}/{s}{f}.hsaco"));
    }

    /// <summary>A name with a slash would lead out of the folder; no table has one.</summary>
    private static bool IsFileName(string name) => name.Length > 0 && !name.Contains('/');

    private TensileTable Read(string path)
    {
        using var stream = tree.OpenFile(
            tree.Resolve(path).Target is { Kind: EntryKind.File or EntryKind.HardLink } file
                ? file
                : throw new IOException($"{path} is no file")
        );
        try
        {
            return TensileTable.Read(stream);
        }
        catch (TensileFormatException error)
        {
            throw new TensileFormatException(0, $"{path} is no table of Tensile's: {error.Message}");
        }
    }
}
