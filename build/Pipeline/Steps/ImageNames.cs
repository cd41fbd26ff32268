namespace Gfxbake.Pipeline.Steps;

/// <summary>What one build calls its images.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Variant">Its variant.</param>
/// <param name="Checkout">Eight digits that tell this checkout's images from those of another one.</param>
public sealed record ImageNames(string Recipe, string Variant, string Checkout)
{
    /// <summary>Name of an image that only this checkout uses: no other build of this machine moves or removes it.</summary>
    public string Own(string kind) => $"{Public(kind)}-{Checkout}";

    /// <summary>
    /// Name by which people find a finished image; the checkout that made one last has it. localhost/ because docker and podman then
    /// agree on it.
    /// </summary>
    public string Public(string kind) => $"localhost/{Recipe}:{Variant}-{kind}";
}
