using System.Text.RegularExpressions;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Matching;

/// <summary>Finds every ROCm by its files.</summary>
/// <param name="facts">Where it may lie.</param>
/// <param name="tree">The machine.</param>
public sealed partial class RocmSearch(RocmPlaces facts, MachineTree tree)
{
    /// <param name="given">The folder to look into instead of the machine, as the tree shows it; null for the machine.</param>
    public IReadOnlyList<RocmInstallation> Find(string? given) =>
        [
            .. (given is null ? facts.Places.Select(p => (p, "")) : facts.Below.Select(p => (p, given + "/")))
                .SelectMany(p => p.Item1.Libraries.SelectMany(l => TreeGlob.Find(tree.Files, p.Item2 + l)).Select(f => (p.Item1, f)))
                .Select(f => (Place: f.Item1, Folder: tree.Files.Resolve(f.Item2).Target))
                .Where(f => f.Folder is { Kind: EntryKind.Directory })
                // /opt/rocm is a link to one of its neighbours.
                .DistinctBy(f => f.Folder!.Path)
                .Select(f => Look(f.Place, f.Folder!.Path))
                .Where(r => r.Hip.Count > 0),
        ];

    private RocmInstallation Look(RocmPlace place, string folder) =>
        new()
        {
            Libraries = folder,
            Kind = place.Name,
            Version = place
                .Version.Select(v => tree.Text($"{folder}/{v}"))
                .Select(t => t is null ? null : VersionIn(t))
                .FirstOrDefault(v => v is not null),
            Hip =
            [
                .. TreeGlob
                    .Find(tree.Files, $"{folder}/{facts.Library}")
                    .Where(p => tree.FileAt(p) is not null)
                    .Select(p => p[(p.LastIndexOf('/') + 1)..])
                    // The name that programs ask for has one number; what it is a link to may have more.
                    .Where(n => !n[(n.IndexOf(".so.", StringComparison.Ordinal) + 4)..].Contains('.')),
            ],
        };

    /// <summary>/opt/rocm has 7.2.1-43 alone in its file. HIP's number, which Debian has in a file of its own, is another one.</summary>
    private static string? VersionIn(string text) => Plain().Match(text) is { Success: true } plain ? plain.Value : null;

    [GeneratedRegex(@"\A[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?")]
    private static partial Regex Plain();
}
