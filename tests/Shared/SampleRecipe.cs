namespace Gfxbake.Tests;

/// <summary>One small valid recipe and the shared files that it needs; tests change its text.</summary>
internal static class SampleRecipe
{
    public const string Text = """
        name: sample
        summary: a sample
        source: https://example.org/sample
        license: MIT
        gpu: gfx1151
        default_variant: debian
        variants:
          debian:
            summary: packages
            base:
              bootstrap: {suite: sid, source_date_epoch: 1}
            code_target: gfx1100
            dockerfile: docker/full.Dockerfile
            version_of: sample
        image:
          user: someone
          workdir: /home
        layers:
          - name: system
        keep:
          - path: /etc/passwd
            why: names
        workloads:
          - name: run
            command: [sample, --version]
        """;

    private const string Gpus = """
        gpus:
          gfx1100: {names: [a], gfx_target_version: 110000, family_id: 145, compute_units: 96, memory: 1}
          gfx1151: {names: [b], gfx_target_version: 110501, family_id: 150, compute_units: 40, memory: 1}
        """;

    private const string StandIns = """
        standins:
          llvm-of-radv: {library: libLLVM.so.*, why: nobody asks, next: ask nobody, for: [libvulkan_radeon.so], source: a, read: b}
          other: {library: libother.so, why: nobody asks, next: ask nobody, for: [libuser.so], source: a, read: b}
        """;

    private const string Devices = """
        devices:
          still:
            title: a still GPU
            api: hsa
            computes: false
            kit: {from: still, topology: true}
            environment: {GPU: "{kit}/gpu.so"}
            proof: [used still]
            time_factor: 2
          beside:
            title: a GPU beside it ({shows})
            api: vulkan
            computes: true
            traced: false
            kit: {from: beside, args: {PACKAGES: beside}}
            environment: {PLAYS: "{plays}"}
            plays:
              gfx1151: {id: beside11, shows: BESIDE (11)}
            proof: ['{shows}']
        """;

    /// <summary>Writes sample/recipe.yml and _shared/ into a folder that is there.</summary>
    public static void Write(string recipes)
    {
        Write("sample/recipe.yml", Text);
        Write("_shared/gpus.yml", Gpus);
        Write("_shared/rocm.yml", "kernels: []\nkeep: []\n");
        Write("_shared/hosts.yml", "library: libhsa-runtime64.so.1\nrocr: []\n");
        Write("_shared/standins.yml", StandIns);
        Write("_shared/devices.yml", Devices);
        Write("_shared/test-models.yml", "architectures:\n  llama: {format: gguf, sizes: {n_layer: 1}}\n");

        void Write(string name, string text)
        {
            var file = Path.Combine(recipes, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }
}
