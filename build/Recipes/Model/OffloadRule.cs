using Gfxbake.Formats.Offload;

namespace Gfxbake.Recipes.Model;

/// <summary>What to do with GPU code inside libraries.</summary>
public sealed record OffloadRule
{
    /// <summary>How the code that stays is stored.</summary>
    public OffloadForm Form { get; init; } = OffloadForm.Slim;

    /// <summary>Whether a library that has to stay whole is a problem of the plan.</summary>
    public bool Required { get; init; }

    /// <summary>What the image's environment needs besides where all code is compressed.</summary>
    public IReadOnlyDictionary<string, string> CompressEnvironment { get; init; } = new Dictionary<string, string>();
}
