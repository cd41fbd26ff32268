using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;
using Spectre.Console;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>A sample build whose images were made: its records are there, an engine and git answer, and the screen is kept.</summary>
internal sealed class BuiltSample : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly StringWriter screen = new();
    private readonly IAnsiConsole before = AnsiConsole.Console;

    public BuiltSample()
    {
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.No });
        AnsiConsole.Profile.Width = 80;
        Build.Fixture.AddTool("podman").AddTool("git");
        Build.Processes.Answer = call =>
            Answers.FirstOrDefault(a => call.CommandLine.StartsWith(a.Start, StringComparison.Ordinal)).Answer
            ?? new ProcessAnswer(0, "sample engine 1.0");
        Write(60);
    }

    private static readonly Dictionary<string, string> Labels = new()
    {
        ["org.opencontainers.image.title"] = "sample debian minimal",
        ["org.opencontainers.image.description"] = "a sample",
        ["org.opencontainers.image.source"] = "https://example.org/sample",
        ["org.opencontainers.image.licenses"] = "MIT",
        ["gfxbake.recipe"] = "sample",
        ["gfxbake.variant"] = "debian",
        ["gfxbake.gpu"] = "gfx1151",
        ["gfxbake.code-target"] = "gfx1100",
        ["org.opencontainers.image.version"] = "1.2",
        ["org.opencontainers.image.revision"] = Commit,
    };

    public SampleBuild Build { get; } = new();

    /// <summary>What the tools say; the first whose start fits answers.</summary>
    public List<(string Start, ProcessAnswer Answer)> Answers { get; } =
    [
        ("git rev-parse", new ProcessAnswer(0, Commit)),
        ("git log", new ProcessAnswer(0, Commit)),
        ("git status", new ProcessAnswer()),
        ("podman ps", new ProcessAnswer()),
        ("podman info", new ProcessAnswer(0, "/none/overlay-containers")),
        ("podman image inspect --format {{.Id}} full-id", new ProcessAnswer(0, "full-id")),
        ("podman image inspect --format {{.Id}} minimal-id", new ProcessAnswer(0, "sha256:minimal-id")),
        ("podman image inspect --format {{.Size}} full-id", new ProcessAnswer(0, "2000")),
        ("podman image inspect --format {{.Size}} minimal-id", new ProcessAnswer(0, "500")),
    ];

    public string Screen => screen.ToString();

    public string Folder => Build.PathOf("artifacts/sample/debian");

    public void Answer(string start, ProcessAnswer answer) => Answers.Insert(0, (start, answer));

    /// <summary>Writes the records of a build whose library has so many bytes.</summary>
    public void Write(long bytes, bool verified = true)
    {
        var plan = new PrunePlan
        {
            CodeTargets = [],
            Entries =
            [
                new PlanEntry
                {
                    Path = "/usr/lib/a.so",
                    Kind = EntryKind.File,
                    Size = 900,
                    Action = PlanAction.SlimOffload,
                    Causes = [new Cause(Reason.Traced, "run")],
                },
            ],
        };
        AtomicFile.Write(Path.Combine(Folder, "plan.json"), stream => PrunePlanWriter.Write(plan, stream));
        var full = new FullRecord
        {
            Inputs = [],
            Image = "localhost/sample:debian-full",
            ImageId = "full-id",
            Version = "1.2",
            Size = new ImageSize(new ImageStatistics(1000, 3, 1, 0, 0, 0), 1500),
            Files = "",
            Packages = [],
        };
        RecordFile.Write(Path.Combine(Folder, "full.json"), full);
        RecordFile.Write(
            Path.Combine(Folder, "minimal.json"),
            new MinimalRecord
            {
                Inputs = new(StringComparer.Ordinal)
                {
                    ["full image"] = "full-id",
                    ["plan.json"] = Fingerprint.OfFile(Path.Combine(Folder, "plan.json")),
                    ["labels"] = Fingerprint.Of(Labels),
                },
                Image = "localhost/sample:debian-minimal",
                ImageId = "minimal-id",
                Verified = verified,
                RootFileSystem = "",
                Layers = [new LayerRecord("system", "", 200, 2, bytes)],
                Slimmed = [new SlimmedFile("/usr/lib/a.so", 900, bytes, "")],
                Size = new ImageSize(new ImageStatistics(bytes, 1, 1, 0, 0, 0), 200),
            }
        );
    }

    /// <summary>Writes an export of some bytes with its checksum.</summary>
    public void Export(string ending, int bytes, string? checksum = null)
    {
        var name = "sample-debian-" + ending;
        AtomicFile.Write(Build.PathOf("artifacts/images/" + name), stream => stream.Write(new byte[bytes]));
        AtomicFile.WriteText(Build.PathOf($"artifacts/images/{name}.sha256"), checksum ?? $"{new string('a', 64)}  {name}\n");
    }

    /// <summary>Adds lines to the recipe's variant.</summary>
    public void ChangeRecipe(string lines)
    {
        var file = Build.PathOf("recipes/sample/recipe.yml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("version_of: sample", "version_of: sample\n    " + lines));
    }

    public void Run<TTask>(params (string Name, string Value)[] arguments)
        where TTask : Cake.Frosting.FrostingTask<BuildContext>, new()
    {
        Build.Interruption.Release();
        new TTask().Run(Build.Open(arguments));
    }

    public void Dispose()
    {
        AnsiConsole.Console = before;
        Build.Dispose();
        screen.Dispose();
    }
}
