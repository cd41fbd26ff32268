using System.Text.RegularExpressions;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Recipes.Shared;

/// <summary>
/// GPU names in the names of kernel files, such as TensileLibrary_lazy_gfx1100.dat or Kernels.so-000-gfx90a-xnack+.hsaco.
/// </summary>
/// <remarks>
/// A name is whole: gfx1100 is not in gfx11001. Features such as xnack+ are not compared, both kinds are kept. A generic
/// target covers the GPUs of LLVM's list: gfx11-generic covers gfx1151.
/// </remarks>
public static partial class GpuNames
{
    /// <summary>The GPUs that a file name holds, distinct, in their order in the name.</summary>
    public static IReadOnlyList<string> In(string name) => [.. Gpu().Matches(name).Select(m => m.Value).Distinct()];

    /// <summary>
    /// The GPUs that a path names. The last component that names any decides, so a fallback table inside a directory
    /// gfx1100/ belongs to gfx1100.
    /// </summary>
    public static IReadOnlyList<string> InPath(string relativePath) =>
        relativePath.Split('/').Reverse().Select(In).FirstOrDefault(names => names.Count > 0) ?? [];

    /// <summary>Whether code named for one GPU runs on the target (a GPU with or without features, "gfx90a:xnack-").</summary>
    public static bool Covers(string name, string target)
    {
        var gpu = target.Split(':')[0];
        return name == gpu || GenericTargets.Covers(name, gpu);
    }

    [GeneratedRegex("(?<![A-Za-z0-9])gfx(?:[0-9]+(?:-[0-9]+)?-generic|[0-9a-f]{3,})(?![A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Gpu();
}
