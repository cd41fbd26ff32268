using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Full;

/// <summary>One of the recipe's sources, as the recipe pins it or as --source gives it.</summary>
/// <param name="Code">What the recipe says of it.</param>
/// <param name="Local">A checkout instead of what the recipe pins, or null.</param>
/// <param name="State">Its version, and what its code is: of pinned code the commit says that before it is fetched.</param>
/// <param name="Patches">Patch files.</param>
public sealed record FullSource(SourceCode Code, string? Local, LocalSource State, IReadOnlyList<string> Patches)
{
    /// <param name="code">What the recipe says of it.</param>
    /// <param name="asked">Names local checkouts.</param>
    /// <param name="sources">Looks at them.</param>
    public static FullSource Of(SourceCode code, Asked asked, ISources sources)
    {
        var local = asked.SourceFolders.GetValueOrDefault(code.Name);
        return new(code, local, local is null ? new(code.Tag, code.Commit) : sources.Look(local), sources.Patches(code));
    }
}
