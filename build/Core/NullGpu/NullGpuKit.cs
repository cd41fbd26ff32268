namespace Gfxbake.Core.NullGpu;

/// <summary>Where the null GPU lies in a container, and the environment that makes ROCr use it.</summary>
public static class NullGpuKit
{
    /// <summary>The directory of the container at which the kit is mounted, read-only; target `kit` of trace.Dockerfile fills it.</summary>
    public const string MountPoint = "/opt/gfxbake";

    /// <summary>Holds libnullgpu.so and the ROCr that knows the model mode; the dynamic loader must look here first.</summary>
    public const string LibraryDirectory = MountPoint + "/nullgpu";

    /// <summary>The kit's ROCr, where it has one.</summary>
    public const string Library = LibraryDirectory + "/libhsa-runtime64.so.1";

    /// <summary>Where the files of <see cref="KfdTopology"/> belong.</summary>
    public const string TopologyDirectory = MountPoint + "/topology";

    /// <summary>Variables of a workload on the null GPU; LD_LIBRARY_PATH goes before what the image has there.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_LIBRARY_PATH"] = LibraryDirectory,
        ["HSA_MODEL_TOPOLOGY"] = TopologyDirectory,
        ["HSA_MODEL_LIB"] = LibraryDirectory + "/libnullgpu.so",

        // The null GPU understands no SDMA packets.
        ["HSA_ENABLE_SDMA"] = "0",

        // ROCr's model layer signals events without its lock and can lose a wake-up; polling cannot.
        ["HSA_ENABLE_INTERRUPT"] = "0",

        // In KB. Larger copies would pin the caller's pages, and the model layer aborts with "userptr not supported".
        ["GPU_PINNED_MIN_XFER_SIZE"] = "1000000",
    };
}
