using Gfxbake.Core.Pruning;

namespace Gfxbake.Core.Sizes;

/// <summary>Sizes and foreign names as a terminal may show them.</summary>
public static class SizeWords
{
    public static string Of(long bytes) => SizeText.Of(bytes);

    /// <summary>A name without characters that a terminal would act upon.</summary>
    public static string Visible(string name) => PlainText.Visible(name);
}
