namespace Gfxbake.Pipeline.Trace;

/// <summary>Where the null GPU lies in a container, and the environment that makes ROCr use it.</summary>
public static class NullGpuKit
{
    /// <summary>The directory of the container at which the kit is mounted, read-only; trace.Dockerfile fills it.</summary>
    public const string MountPoint = "/opt/gfxbake";

    /// <summary>Where the files of <see cref="KfdTopology"/> belong.</summary>
    public const string TopologyDirectory = MountPoint + "/topology";

    /// <summary>Variables of a workload on the null GPU; ROCr loads the library by its path.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["HSA_MODEL_TOPOLOGY"] = TopologyDirectory,
            ["HSA_MODEL_LIB"] = MountPoint + "/nullgpu/libnullgpu.so",

            // The null GPU understands no SDMA packets.
            ["HSA_ENABLE_SDMA"] = "0",

            // ROCr's model layer signals events without its lock and can lose a wake-up; polling cannot.
            ["HSA_ENABLE_INTERRUPT"] = "0",

            // In KB. Larger copies would pin the caller's pages, and the model layer aborts with "userptr not supported".
            ["GPU_PINNED_MIN_XFER_SIZE"] = "1000000",
        };
}
