namespace Gfxbake.Pipeline.Outputs.Matrix;

/// <summary>One job of a CI matrix: a variant of a recipe.</summary>
/// <param name="Recipe">Folder below recipes/.</param>
/// <param name="Variant">Key of its variants.</param>
/// <param name="Gpu">The GPU that the image is for.</param>
/// <param name="CodeTarget">The GPU whose code is in it.</param>
/// <param name="Compiles">Whether the program is compiled, which takes far longer than packages do.</param>
/// <param name="Runner">Label of the runner that the job wants.</param>
/// <param name="Base">
/// Fingerprint of the bootstrapped base: its tar is artifacts/bases/FINGERPRINT.tar. Of a base that is only pulled, that of nothing.
/// </param>
/// <param name="Cache">Recipe, variant and fingerprint of what the full image is made of, for the keys of caches.</param>
public sealed record MatrixEntry(
    string Recipe,
    string Variant,
    string Gpu,
    string CodeTarget,
    bool Compiles,
    string Runner,
    string Base,
    string Cache
);
