namespace Gfxbake.Pipeline.Matching;

/// <summary>What becomes of an Ollama with a ROCm. None of it means that it works: only a run shows that.</summary>
public enum PairingVerdict
{
    /// <summary>It loads, and nothing that is known speaks against it.</summary>
    Loads,

    /// <summary>It loads, and has no code for a GPU of this machine.</summary>
    NoKernels,

    /// <summary>It loads, and fails later: a table names a file that is gone, comgr does not load, the kernel refuses ROCr.</summary>
    Fails,

    /// <summary>The loader takes libraries for each other that are not the same.</summary>
    Mismatched,

    /// <summary>The loader refuses it.</summary>
    CannotLoad,
}

/// <summary>A GPU of the machine and the code for it.</summary>
public sealed record GpuCode
{
    public required string Gpu { get; init; }

    /// <summary>The GPU that it passes for because of an override in force; the same as Gpu without one.</summary>
    public required string As { get; init; }

    /// <summary>Whether the backend has code for it; null where the backend's code can't be read.</summary>
    public required bool? InBackend { get; init; }

    /// <summary>Whether rocBLAS has a table for it; null where no rocBLAS is used.</summary>
    public required bool? InBlas { get; init; }

    /// <summary>A value of HSA_OVERRIDE_GFX_VERSION that would do; null where none would or none is needed.</summary>
    public string? Override { get; init; }

    /// <summary>The GPU that it would pass for.</summary>
    public string? OverrideGpu { get; init; }

    public bool HasKernels => InBackend != false && InBlas != false;
}

/// <summary>An Ollama with one ROCm.</summary>
public sealed record Pairing
{
    /// <summary>bundled or system.</summary>
    public required string Kind { get; init; }

    /// <summary>The folder of Ollama's libraries.</summary>
    public required string Ollama { get; init; }

    /// <summary>The name of the backend's folder.</summary>
    public required string Backend { get; init; }

    /// <summary>The backend's library.</summary>
    public required string Library { get; init; }

    /// <summary>The folder of ROCm's libraries; null where Ollama brings none.</summary>
    public required string? Rocm { get; init; }

    public required PairingVerdict Verdict { get; init; }

    /// <summary>The verdict in a sentence, without a full stop.</summary>
    public required string Sentence { get; init; }

    /// <summary>All reasons, the weightiest first.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required IReadOnlyList<GpuCode> Gpus { get; init; }

    /// <summary>What would be loaded: the name that is asked for and the file.</summary>
    public required IReadOnlyList<LoadedLibrary> Libraries { get; init; }

    /// <summary>LD_LIBRARY_PATH that this was worked out with.</summary>
    public required string LibraryPath { get; init; }

    /// <summary>Whether all that speaks against it is that this ROCm's libraries have other numbers than are asked for.</summary>
    public required bool IsOtherRocm { get; init; }

    /// <summary>Whether it is proven that it can't be used.</summary>
    public bool IsRefuted => Verdict is PairingVerdict.CannotLoad or PairingVerdict.Mismatched or PairingVerdict.Fails;

    /// <summary>Whether it can be used with an override of the GPU's name.</summary>
    public bool NeedsOverride => Verdict == PairingVerdict.NoKernels && Gpus.All(g => g.HasKernels || g.Override is not null);
}

/// <summary>A library that would be loaded.</summary>
public sealed record LoadedLibrary(string Name, string Path);
