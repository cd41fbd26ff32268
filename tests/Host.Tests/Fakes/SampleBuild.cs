using Gfxbake.Formats.Files;
using Gfxbake.Host.Steps;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>A checkout with one small recipe, whose engines answer what the test prepares.</summary>
internal sealed class SampleBuild : IDisposable
{
    private const string Recipe = """
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
          healthcheck:
            command: [HEALTHCHECK]
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

    public SampleBuild()
    {
        Write("cake.config", "[Gfxbake]\nRecipe=sample\n");
        Write(
            "recipes/_shared/gpus.yml",
            """
            gpus:
              gfx1100: {names: [a], gfx_target_version: 110000, family_id: 145, compute_units: 96, memory: 1}
              gfx1151: {names: [b], gfx_target_version: 110501, family_id: 150, compute_units: 40, memory: 1}
            """
        );
        Write(
            "recipes/_shared/rocm.yml",
            """
            kernels: []
            keep: []
            """
        );
        Write("recipes/_shared/hosts.yml", "library: libhsa-runtime64.so.1\nrocr: []\n");
        Write("recipes/_shared/models.yml", "architectures:\n  llama: {format: gguf, sizes: {n_layer: 1}}\n");
        SetHealthcheck("/bin/true");
        Fixture.Processes.Answer = _ => new ProcessAnswer(0, "sample engine 1.0");
    }

    public Fixture Fixture { get; } = new();

    public Interruption Interruption { get; } = new();

    /// <summary>Whether the build is root's, whoever runs the tests.</summary>
    public bool IsRoot { get; set; } = true;

    public string Root => Fixture.Root.FullPath;

    public FakeProcessRunner Processes => Fixture.Processes;

    public IReadOnlyList<string> Log => Fixture.Log.Lines;

    /// <summary>What was typed beside the arguments.</summary>
    public CommandLine? CommandLine { get; set; }

    public BuildContext Open(params (string Name, string Value)[] arguments) =>
        new(Fixture.Context(arguments), Interruption, CommandLine) { IsRoot = IsRoot };

    public string PathOf(string file) => Path.Combine(Root, file);

    public void SetHealthcheck(string words) => Write("recipes/sample/recipe.yml", Recipe.Replace("HEALTHCHECK", words));

    /// <summary>Gives the recipe a second variant, native, that compiles what a repository holds.</summary>
    public void AddSource(string repository, string tag, string commit)
    {
        var file = PathOf("recipes/sample/recipe.yml");
        var text = File.ReadAllText(file).Replace("\r", "");
        var at = text.IndexOf("image:", StringComparison.Ordinal);
        File.WriteAllText(
            file,
            text.Insert(
                at,
                $$"""
                  native:
                    summary: compiled
                    base:
                      bootstrap: {suite: sid, source_date_epoch: 1}
                    code_target: gfx1151
                    dockerfile: docker/full.Dockerfile
                    source:
                      name: tool
                      repository: {{repository}}
                      tag: {{tag}}
                      commit: {{commit}}
                      cmake: {TARGETS: "{code_target};{gpu}", FAST: "OFF"}
                      switches:
                        fast: {FAST: "ON", EXTRA: a b}

                """
            )
        );
        Write("docker/full.Dockerfile", "FROM scratch\n# gfxbake: the recipe's metadata\n");
        Write("docker/compile.sh", "echo\n");
    }

    /// <summary>Changes the recipe's text; the text to change must be there.</summary>
    public void Change(string from, string to)
    {
        var file = PathOf("recipes/sample/recipe.yml");
        var text = File.ReadAllText(file);
        Assert.That(text, Does.Contain(from));
        File.WriteAllText(file, text.Replace(from, to));
    }

    public void Write(string file, string text) => AtomicFile.WriteText(PathOf(file), text);

    public void Dispose()
    {
        Interruption.Dispose();
        Fixture.Dispose();
    }
}
