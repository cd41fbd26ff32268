namespace Gfxbake.Unit.Tests.Recipes.Reading;

/// <summary>A temporary recipes/ folder with one small valid recipe, to be changed by a test.</summary>
internal sealed class RecipeFolder : IDisposable
{
    public const string Valid = """
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
            gpu: none
            command: [sample, --version]
        """;

    public RecipeFolder()
    {
        Directory.CreateDirectory(Path.Combine(Root, "_shared"));
        Directory.CreateDirectory(Path.Combine(Root, "sample"));
        File.WriteAllText(
            Path.Combine(Root, "_shared", "gpus.yml"),
            """
            gpus:
              gfx1100: {names: [a], gfx_target_version: 110000, family_id: 145, compute_units: 96, memory: 1}
              gfx1151: {names: [b], gfx_target_version: 110501, family_id: 150, compute_units: 40, memory: 1}
            """
        );
        File.WriteAllText(
            Path.Combine(Root, "_shared", "rocm.yml"),
            """
            kernels: []
            keep: []
            """
        );
        Share("hosts", "library: libhsa-runtime64.so.1\nrocr: []\n");
        Write(Valid);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("recipes").FullName;

    public void Write(string recipe) => File.WriteAllText(Path.Combine(Root, "sample", "recipe.yml"), recipe);

    /// <summary>Writes recipes/_shared/NAME.yml.</summary>
    public void Share(string name, string text) => File.WriteAllText(Path.Combine(Root, "_shared", name + ".yml"), text);

    /// <summary>Writes the valid recipe with one text changed; the text must be there.</summary>
    public void Change(string from, string to)
    {
        var changed = Valid.Replace(from, to);
        Assert.That(changed, Is.Not.EqualTo(Valid));
        Write(changed);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
