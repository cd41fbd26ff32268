using System.Globalization;

namespace Gfxbake.Pipeline.Devices;

/// <summary>What amdgpu shows in /sys of the one GPU of a machine, for programs that look there before they ask ROCr.</summary>
public static class DriverFiles
{
    private const string Card = "class/drm/card0/device";

    /// <summary>Every file: path below /sys and its text; sorted ordinally.</summary>
    /// <exception cref="ArgumentException">As <see cref="KfdTopology.Files"/>.</exception>
    public static IReadOnlyDictionary<string, string> Files(TopologyGpu gpu)
    {
        // The driver of the kernel's own tree has no version, only one that is installed beside it.
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["module/amdgpu/initstate"] = "live\n",
            [$"{Card}/vendor"] = string.Create(CultureInfo.InvariantCulture, $"0x{KfdTopology.Vendor:x4}\n"),
            [$"{Card}/mem_info_vram_total"] = string.Create(CultureInfo.InvariantCulture, $"{gpu.MemoryBytes}\n"),
            [$"{Card}/mem_info_vram_used"] = "0\n",
        };
        foreach (var (path, text) in KfdTopology.Files(gpu))
            files[$"class/kfd/kfd/topology/{path}"] = text;
        return files;
    }
}
