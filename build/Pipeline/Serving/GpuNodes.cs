using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Pipeline.Serving;

/// <summary>The device nodes through which programs reach a machine's GPU.</summary>
/// <param name="Paths">Of the machine.</param>
/// <param name="Groups">The numbers of the groups that own them.</param>
/// <param name="Closed">Those that this user may not open.</param>
/// <param name="Missing">The node that is not there, so that there is no GPU to compute on; null when all are.</param>
public sealed partial record GpuNodes(
    IReadOnlyList<string> Paths,
    IReadOnlyList<uint> Groups,
    IReadOnlyList<string> Closed,
    string? Missing
)
{
    private const string Kfd = "/dev/kfd";
    private const string Renderers = "/dev/dri/renderD*";

    /// <summary>Those of a machine that nobody has looked at: the usual names, and no group.</summary>
    public static GpuNodes Usual(bool needsKfd) => new([.. needsKfd ? [Kfd] : Array.Empty<string>(), "/dev/dri/renderD128"], [], [], null);

    /// <param name="tree">The machine.</param>
    /// <param name="needsKfd">Whether programs compute through ROCr.</param>
    /// <param name="gfxNumber">The GPU that is wanted, as the kernel's driver numbers it; another one of the machine stays outside.</param>
    public static GpuNodes Find(HostTree tree, bool needsKfd, int gfxNumber)
    {
        var renderers = Wanted(tree, gfxNumber);
        List<string> paths = [.. needsKfd && tree.Find(Kfd[1..]).Count > 0 ? [Kfd] : Array.Empty<string>(), .. renderers];
        var missing =
            needsKfd && !paths.Contains(Kfd) ? Kfd
            : renderers.Count == 0 ? Renderers
            : null;
        return new(
            missing is null ? paths : [],
            missing is null ? [.. paths.Select(tree.Group).OfType<uint>().Distinct()] : [],
            missing is null ? [.. paths.Where(p => !tree.IsOpen(p))] : [],
            missing
        );
    }

    /// <summary>The wanted GPU's render node; where the kernel does not tell which that is, all that are not another driver's.</summary>
    private static List<string> Wanted(HostTree tree, int gfxNumber)
    {
        var all = tree.Find(Renderers[1..]);
        var own = tree.Find("sys/class/kfd/kfd/topology/nodes/*/properties")
            .Select(tree.Read)
            .OfType<string>()
            .Where(p => Number(p, GfxVersion()) == gfxNumber)
            .Select(p => $"/dev/dri/renderD{Number(p, RenderMinor())}")
            .Where(all.Contains)
            .ToList();
        return own.Count > 0 ? own : [.. all.Where(r => IsOurs(tree, r))];
    }

    private static bool IsOurs(HostTree tree, string node) =>
        tree.Link($"/sys/class/drm/{node[(node.LastIndexOf('/') + 1)..]}/device/driver") is not { } driver
        || driver.EndsWith("/amdgpu", StringComparison.Ordinal);

    private static int? Number(string properties, Regex pattern) =>
        pattern.Match(properties) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex("^gfx_target_version ([0-9]{1,9})$", RegexOptions.Multiline)]
    private static partial Regex GfxVersion();

    [GeneratedRegex("^drm_render_minor ([0-9]{1,6})$", RegexOptions.Multiline)]
    private static partial Regex RenderMinor();
}
