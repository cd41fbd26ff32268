using Gfxbake.Pipeline.Devices;

namespace Gfxbake.Unit.Tests.Pipeline.Devices;

public sealed class KfdTopologyTests
{
    private static readonly TopologyGpu Gfx1151 = new()
    {
        Name = "gfx1151",
        GfxTargetVersion = 110501,
        FamilyId = 150,
        SimdCount = 80,
        MemoryBytes = 68719476736,
    };

    [Test]
    public void Tree_is_a_processor_and_a_gpu()
    {
        Assert.That(
            KfdTopology.Files(Gfx1151).Keys,
            Is.EqualTo(
                new[]
                {
                    "generation_id",
                    "nodes/0/gpu_id",
                    "nodes/0/io_links/0/properties",
                    "nodes/0/mem_banks/0/properties",
                    "nodes/0/name",
                    "nodes/0/properties",
                    "nodes/1/caches/0/properties",
                    "nodes/1/caches/1/properties",
                    "nodes/1/caches/2/properties",
                    "nodes/1/gpu_id",
                    "nodes/1/io_links/0/properties",
                    "nodes/1/mem_banks/0/properties",
                    "nodes/1/name",
                    "nodes/1/properties",
                    "system_properties",
                }
            )
        );
    }

    [Test]
    public void Gpu_properties_are_those_of_the_record()
    {
        Assert.That(
            KfdTopology.Files(Gfx1151)["nodes/1/properties"],
            Is.EqualTo(
                """
                cpu_cores_count 0
                simd_count 80
                mem_banks_count 1
                caches_count 3
                io_links_count 1
                p2p_links_count 0
                cpu_core_id_base 0
                simd_id_base 2147487744
                max_waves_per_simd 16
                lds_size_in_kb 64
                gds_size_in_kb 0
                num_gws 64
                wave_front_size 32
                array_count 2
                simd_arrays_per_engine 1
                cu_per_simd_array 20
                simd_per_cu 2
                max_slots_scratch_cu 32
                gfx_target_version 110501
                vendor_id 4098
                device_id 0
                location_id 50432
                domain 0
                drm_render_minor 128
                hive_id 0
                num_sdma_engines 1
                num_sdma_xgmi_engines 0
                num_sdma_queues_per_engine 6
                num_cp_queues 8
                num_xcc 1
                family_id 150
                max_engine_clk_fcompute 2900
                local_mem_size 0
                fw_version 30
                capability 8192
                debug_prop 0
                sdma_fw_version 14
                unique_id 0
                max_engine_clk_ccompute 3000

                """.ReplaceLineEndings("\n")
            )
        );
    }

    [TestCase("nodes/0/gpu_id", "0\n")]
    [TestCase("nodes/1/gpu_id", "2\n")]
    [TestCase("nodes/1/name", "gfx1151\n")]
    [TestCase("system_properties", "platform_oem 0\nplatform_id 0\nplatform_rev 1\n")]
    [TestCase("nodes/1/mem_banks/0/properties", "heap_type 1\nsize_in_bytes 68719476736\nflags 0\nwidth 256\nmem_clk_max 4000\n")]
    [TestCase(
        "nodes/1/caches/1/properties",
        "processor_id_low 2147487744\nlevel 2\nsize 2048\ncache_line_size 128\ncache_lines_per_tag 1\nassociation 16\nlatency 0\n"
            + "type 9\nsibling_map 1\n"
    )]
    [TestCase(
        "nodes/0/io_links/0/properties",
        "type 2\nversion_major 0\nversion_minor 0\nnode_from 0\nnode_to 1\nweight 20\nmin_latency 0\nmax_latency 0\nmin_bandwidth 0\n"
            + "max_bandwidth 0\nrecommended_transfer_size 0\nflags 1\n"
    )]
    public void File_has_the_golden_text(string path, string text)
    {
        Assert.That(KfdTopology.Files(Gfx1151)[path], Is.EqualTo(text));
    }

    [Test]
    public void Processor_has_a_fixed_number_of_cores()
    {
        Assert.That(KfdTopology.Files(Gfx1151)["nodes/0/properties"], Does.StartWith("cpu_cores_count 4\nsimd_count 0\n"));
    }

    [Test]
    public void Cache_count_says_how_many_cache_files_there_are()
    {
        var files = KfdTopology.Files(Gfx1151);

        Assert.That(files.Keys.Count(path => path.Contains("/caches/")), Is.EqualTo(3));
    }

    [TestCase("")]
    [TestCase("two\nlines")]
    public void Name_is_refused_when_it_is_no_single_line(string name)
    {
        Assert.That(() => KfdTopology.Files(Gfx1151 with { Name = name }), Throws.ArgumentException);
    }

    [Test]
    public void Number_is_refused_when_it_is_not_above_zero()
    {
        Assert.That(
            () => KfdTopology.Files(Gfx1151 with { SimdCount = 0 }),
            Throws.ArgumentException.With.Message.Contains("SimdCount is 0")
        );
    }
}
