namespace Gfxbake.Recipes.Model;

/// <summary>Which kernel files of a wanted GPU stay.</summary>
public enum KernelChoice
{
    All,

    /// <summary>Those of types that calls in the machine code of kept programs ask for.</summary>
    Asked,
}
