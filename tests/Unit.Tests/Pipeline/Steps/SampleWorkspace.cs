using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>A checkout whose steps have all run once.</summary>
internal sealed class SampleWorkspace : IDisposable
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

    private readonly string root = Directory.CreateTempSubdirectory("gfxbake-workspace").FullName;

    public SampleWorkspace()
    {
        Write("recipes/sample/recipe.yml", Recipe);
        Write(
            "recipes/_shared/gpus.yml",
            """
            gpus:
              gfx1100: {names: [a], gfx_target_version: 110000, family_id: 145, compute_units: 96, memory: 1}
              gfx1151: {names: [b], gfx_target_version: 110501, family_id: 150, compute_units: 40, memory: 1}
            """
        );
        Write("recipes/_shared/rocm.yml", "kernels: []\nkeep: []\n");
        Write("recipes/_shared/hosts.yml", "library: libhsa-runtime64.so.1\nrocr: []\n");
        Write("docker/trace.Dockerfile", "FROM base\n");
        Write("docker/nullgpu.c", "int main;\n");
        Write("docker/minimal.Dockerfile", "FROM scratch\n");
        WriteRecords();
    }

    public string? Revision { get; set; } = "0123";

    public FakeEngine Engine { get; } = new();

    public Workspace Open()
    {
        var book = RecipeBook.Open(Path.Combine(root, "recipes"));
        var recipe = book.Read("sample");
        var revision = Revision;
        return new Workspace
        {
            Paths = new BuildPaths(root, "sample", "debian"),
            Book = book,
            Recipe = recipe,
            VariantName = "debian",
            Offload = recipe.Variants["debian"].Offload,
            Checkout = "01234567",
            Command = target => $"./build.sh --target={target}",
            RunFirst = target => $"run ./build.sh --target={target} first",
            Revision = new(() => revision),
        };
    }

    public void Write(string file, string text) => AtomicFile.WriteText(Path.Combine(root, file), text);

    /// <summary>Changes a text of a file; it must be there.</summary>
    public void Change(string file, string from, string to)
    {
        var before = File.ReadAllText(Path.Combine(root, file));
        Assert.That(before, Does.Contain(from));
        Write(file, before.Replace(from, to));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private void WriteRecords()
    {
        var paths = new BuildPaths(root, "sample", "debian");
        var size = new ImageSize(ImageStatistics.Of([]), 0);
        RecordFile.Write(
            paths.BaseRecord,
            new BaseRecord
            {
                Inputs = [],
                Image = "base",
                ImageId = "base-id",
                Origin = "bootstrapped sid",
            }
        );
        RecordFile.Write(
            paths.FullRecord,
            new FullRecord
            {
                Inputs = [],
                Image = "full",
                ImageId = "full-id",
                Version = "1",
                Size = size,
                Files = "table",
                Packages = [],
            }
        );
        RecordFile.Write(
            paths.TraceRecord,
            new TraceRecord
            {
                Inputs = new() { ["full image"] = "full-id" },
                Image = "trace",
                Workloads = [],
                Paths = [],
            }
        );
        RecordFile.Write(paths.PlanRecord, new PlanRecord { Inputs = [], Plan = "plan" });
        RecordFile.Write(
            paths.CandidateRecord,
            new MinimalRecord
            {
                Inputs = [],
                Image = "candidate",
                ImageId = "candidate-id",
                Verified = false,
                RootFileSystem = "files",
                Layers = [],
                Slimmed = [],
                Size = size,
            }
        );
    }
}
