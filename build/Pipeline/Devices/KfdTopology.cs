using System.Text;

namespace Gfxbake.Pipeline.Devices;

/// <summary>The tree that ROCr reads in place of /sys/class/kfd/kfd/topology: a processor and one GPU.</summary>
/// <remarks>
/// Keys are those that libhsakmt's topology.c knows. Only a GPU's own record goes in, nothing of the machine: a trace
/// must not depend on how many cores the tracing machine has. Cache entries, a gpu_id that is the node's number + 1 and
/// a capability without the debugger's bit are needed, or the model layer aborts.
/// </remarks>
public static class KfdTopology
{
    /// <summary>AMD's number on the PCI bus.</summary>
    public const int Vendor = 0x1002;

    private const int CpuNode = 0;
    private const int GpuNode = 1;

    /// <summary>Of the made-up host, not of this one.</summary>
    private const int CpuCores = 4;

    private const long HostMemoryBytes = 32L << 30;
    private const int SimdsPerComputeUnit = 2;
    private const int ShaderArrays = 2;
    private const long FirstSimdId = 0x80001000;

    /// <summary>HSA_CAP_DOORBELL_TYPE_2: 64-bit doorbells, which every GPU since gfx9 has.</summary>
    private const int Capability = 2 << 12;

    private static readonly (int Level, int Kilobytes, int LineBytes)[] Caches = [(1, 16, 64), (2, 2048, 128), (3, 32768, 64)];

    /// <summary>Every file: path relative to the tree's root, with '/', and its text; sorted ordinally.</summary>
    /// <exception cref="ArgumentException">A number is not above zero, or the name is no single line.</exception>
    public static IReadOnlyDictionary<string, string> Files(TopologyGpu gpu)
    {
        Check(gpu);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["generation_id"] = "1\n",
            ["system_properties"] = Properties(("platform_oem", 0), ("platform_id", 0), ("platform_rev", 1)),
        };
        AddNode(files, CpuNode, gpuId: 0, name: "", CpuProperties());
        AddNode(files, GpuNode, gpuId: GpuNode + 1, gpu.Name, GpuProperties(gpu));
        AddMemory(files, CpuNode, heapType: 0, HostMemoryBytes, width: 64);
        AddMemory(files, GpuNode, heapType: 1, gpu.MemoryBytes, width: 256);
        AddLink(files, CpuNode, GpuNode);
        AddLink(files, GpuNode, CpuNode);
        for (var i = 0; i < Caches.Length; i++)
            files[$"nodes/{GpuNode}/caches/{i}/properties"] = CacheProperties(Caches[i]);

        return files;
    }

    private static void Check(TopologyGpu gpu)
    {
        if (gpu.Name.Length == 0 || gpu.Name.Any(char.IsControl))
            throw new ArgumentException($"Null GPU: the name '{gpu.Name}' must be one line of text.");

        foreach (
            var (name, value) in new (string, long)[]
            {
                (nameof(gpu.GfxTargetVersion), gpu.GfxTargetVersion),
                (nameof(gpu.FamilyId), gpu.FamilyId),
                (nameof(gpu.SimdCount), gpu.SimdCount),
                (nameof(gpu.MemoryBytes), gpu.MemoryBytes),
            }
        )
        {
            if (value <= 0)
                throw new ArgumentException($"Null GPU {gpu.Name}: {name} is {value}, but must be above zero.");
        }
    }

    private static void AddNode(SortedDictionary<string, string> files, int node, int gpuId, string name, string properties)
    {
        files[$"nodes/{node}/gpu_id"] = $"{gpuId}\n";
        files[$"nodes/{node}/name"] = $"{name}\n";
        files[$"nodes/{node}/properties"] = properties;
    }

    private static void AddMemory(SortedDictionary<string, string> files, int node, int heapType, long bytes, int width) =>
        files[$"nodes/{node}/mem_banks/0/properties"] = Properties(
            ("heap_type", heapType),
            ("size_in_bytes", bytes),
            ("flags", 0),
            ("width", width),
            ("mem_clk_max", 4000)
        );

    private static void AddLink(SortedDictionary<string, string> files, int from, int to) =>
        files[$"nodes/{from}/io_links/0/properties"] = Properties(
            ("type", 2),
            ("version_major", 0),
            ("version_minor", 0),
            ("node_from", from),
            ("node_to", to),
            ("weight", 20),
            ("min_latency", 0),
            ("max_latency", 0),
            ("min_bandwidth", 0),
            ("max_bandwidth", 0),
            ("recommended_transfer_size", 0),
            ("flags", 1)
        );

    private static string CacheProperties((int Level, int Kilobytes, int LineBytes) cache) =>
        Properties(
            ("processor_id_low", FirstSimdId),
            ("level", cache.Level),
            ("size", cache.Kilobytes),
            ("cache_line_size", cache.LineBytes),
            ("cache_lines_per_tag", 1),
            ("association", 16),
            ("latency", 0),
            ("type", 9),
            ("sibling_map", 1)
        );

    private static string CpuProperties() =>
        Properties(
            ("cpu_cores_count", CpuCores),
            ("simd_count", 0),
            ("mem_banks_count", 1),
            ("caches_count", 0),
            ("io_links_count", 1),
            ("p2p_links_count", 0),
            ("cpu_core_id_base", 0),
            ("simd_id_base", 0),
            ("max_waves_per_simd", 0),
            ("lds_size_in_kb", 0),
            ("gds_size_in_kb", 0),
            ("wave_front_size", 0),
            ("array_count", 0),
            ("simd_arrays_per_engine", 0),
            ("cu_per_simd_array", 0),
            ("simd_per_cu", 0),
            ("max_slots_scratch_cu", 0),
            ("gfx_target_version", 0),
            ("vendor_id", 0),
            ("device_id", 0),
            ("location_id", 0),
            ("domain", 0),
            ("drm_render_minor", 0),
            ("hive_id", 0),
            ("num_sdma_engines", 0),
            ("num_sdma_xgmi_engines", 0),
            ("num_sdma_queues_per_engine", 0),
            ("num_cp_queues", 0),
            ("max_engine_clk_ccompute", 3000)
        );

    private static string GpuProperties(TopologyGpu gpu)
    {
        var computeUnits = (gpu.SimdCount + SimdsPerComputeUnit - 1) / SimdsPerComputeUnit;
        return Properties(
            ("cpu_cores_count", 0),
            ("simd_count", gpu.SimdCount),
            ("mem_banks_count", 1),
            ("caches_count", Caches.Length),
            ("io_links_count", 1),
            ("p2p_links_count", 0),
            ("cpu_core_id_base", 0),
            ("simd_id_base", FirstSimdId),
            ("max_waves_per_simd", 16),
            ("lds_size_in_kb", 64),
            ("gds_size_in_kb", 0),
            ("num_gws", 64),
            ("wave_front_size", 32),
            ("array_count", ShaderArrays),
            ("simd_arrays_per_engine", 1),
            ("cu_per_simd_array", (computeUnits + ShaderArrays - 1) / ShaderArrays),
            ("simd_per_cu", SimdsPerComputeUnit),
            ("max_slots_scratch_cu", 32),
            ("gfx_target_version", gpu.GfxTargetVersion),
            ("vendor_id", Vendor),
            ("device_id", 0),
            ("location_id", 0xC500),
            ("domain", 0),
            ("drm_render_minor", 128),
            ("hive_id", 0),
            ("num_sdma_engines", 1),
            ("num_sdma_xgmi_engines", 0),
            ("num_sdma_queues_per_engine", 6),
            ("num_cp_queues", 8),
            ("num_xcc", 1),
            ("family_id", gpu.FamilyId),
            ("max_engine_clk_fcompute", 2900),
            ("local_mem_size", 0),
            ("fw_version", 30),
            ("capability", Capability),
            ("debug_prop", 0),
            ("sdma_fw_version", 14),
            ("unique_id", 0),
            ("max_engine_clk_ccompute", 3000)
        );
    }

    private static string Properties(params (string Key, long Value)[] properties)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in properties)
            text.Append(key).Append(' ').Append(value).Append('\n');

        return text.ToString();
    }
}
