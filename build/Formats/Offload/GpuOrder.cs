namespace Gfxbake.Formats.Offload;

/// <summary>gfx90a before gfx1100: by length, then by the digits.</summary>
internal sealed class GpuOrder : IComparer<string>
{
    public static GpuOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (Head(x), Head(y));
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(x, y);
    }

    private static string Head(string? text) => (text ?? "").Split(':')[0];
}
