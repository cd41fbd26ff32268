using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Answers;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>A checkout whose steps have all run once.</summary>
internal sealed class SampleWorkspace : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gfxbake-workspace").FullName;

    public SampleWorkspace()
    {
        SampleRecipe.Write(Path.Combine(root, "recipes"));
        Write("docker/trace.Dockerfile", "FROM base\n");
        Write("docker/devices/still/Dockerfile", "FROM base\n");
        Write("docker/devices/still/still.c", "int main;\n");
        Write("docker/devices/beside/Dockerfile", "FROM base\n");
        Change("recipes/sample/recipe.yml", "    version_of: sample\n", "    version_of: sample\n    devices: [still, beside]\n");
        Change("recipes/sample/recipe.yml", "workloads:\n", Devices);
        Write("docker/minimal.Dockerfile", "FROM scratch\n");
        Write("docker/compiler.Dockerfile", "FROM scratch\n" + Dockerfiles.Marker + "\n");
        Write("docker/full.Dockerfile", "FROM scratch\n" + Dockerfiles.Marker + "\n");
        Write("docker/apt.sh", "apt-get\n");
        File.AppendAllText(Path.Combine(root, "recipes/sample/recipe.yml"), "\n" + SamplePackages.Recipe + "\n");
        foreach (var (path, text) in SamplePackages.Files())
            Write(path, text);
        WriteRecords();
    }

    private const string Devices = """
        workloads:
          - name: still
            device: still
            command: [sample]
          - name: beside
            device: beside
            command: [sample]

        """;

    public string? Revision { get; set; } = "0123";

    public Asked Asked { get; set; } = new();

    public FakeEngine Engine { get; } = new() { Images = { "full-id", "minimal-id" } };

    public Workspace Open()
    {
        var book = RecipeBook.Open(Path.Combine(root, "recipes"));
        var recipe = book.Read("sample");
        var (revision, asked) = (Revision, Asked);
        return new Workspace
        {
            Paths = new BuildPaths(root, "sample", "debian"),
            Book = book,
            Recipe = recipe,
            VariantName = "debian",
            Offload = recipe.Variants["debian"].Offload,
            StandIns = book.StandInsOf(recipe.Variants["debian"].Standins),
            Checkout = "01234567",
            Command = target => $"./build.sh --target={target}",
            RunFirst = target => $"run ./build.sh --target={target} first",
            Revision = new(() => revision),
            Asked = new(() => asked),
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
            paths.KitsRecord,
            new KitsRecord
            {
                Inputs = [],
                Kits = new Dictionary<string, string> { ["still"] = "kit" },
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
        RecordFile.Write(paths.AnswersRecord, new AnswersRecord { Inputs = [], StandIns = new Dictionary<string, AnsweringStandIn>() });
        RecordFile.Write(paths.PlanRecord, new PlanRecord { Inputs = [], Plan = "plan" });
        var candidate = new MinimalRecord
        {
            Inputs = [],
            Image = "candidate",
            ImageId = "candidate-id",
            Verified = false,
            RootFileSystem = "files",
            Layers = [],
            Slimmed = [],
            Size = size,
        };
        RecordFile.Write(paths.CandidateRecord, candidate);
        RecordFile.Write(paths.MinimalRecord, candidate with { ImageId = "minimal-id", Verified = true });
        RecordFile.Write(
            paths.RuntimeRecord,
            new RuntimeRecord
            {
                Inputs = [],
                Name = "sample-debian",
                Version = "1",
                Epoch = 1,
                File = "sample-debian-1.tar",
                Sha256 = "runtime",
                TarBytes = 1,
                FileBytes = 1,
                Entries = 1,
                MinimalImageId = "minimal-id",
                Programs = [new RuntimeProgram("sample", "/usr/lib/sample-debian/usr/bin/sample")],
                Environment = new Dictionary<string, string>(),
                Links = [],
                Licence = "MIT",
                Parts = [],
            }
        );
    }
}
