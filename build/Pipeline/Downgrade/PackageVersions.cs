using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Downgrade;

/// <summary>Versions of packages with an epoch: 1:2.0 is newer than 3.0.</summary>
public sealed class PackageVersions : IComparer<string>
{
    public static PackageVersions Order { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Split(x ?? ""), Split(y ?? ""));
        var epoch = VersionOrder.Instance.Compare(left.Epoch, right.Epoch);
        return epoch != 0 ? epoch : VersionOrder.Instance.Compare(left.Version, right.Version);
    }

    private static (string Epoch, string Version) Split(string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        return at < 0 ? ("0", text) : (text[..at], text[(at + 1)..]);
    }
}
