namespace Gfxbake.Pipeline.Outputs.Matrix;

/// <summary>Which variants a matrix has.</summary>
public enum MatrixScope
{
    All,

    /// <summary>Those whose program comes from packages.</summary>
    Packages,

    /// <summary>Those whose program is compiled.</summary>
    Compiled,
}
