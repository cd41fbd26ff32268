using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Offload;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// Every instruction of every kernel that the minimal images keep of llama.cpp's HIP backend and of rocBLAS: the emulated GPU's decoder
/// writes what Debian's llvm-objdump writes. Looks at each variant that has the emulated GPU and a minimal image; one must be there.
/// </summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[Category(Needs.Night)]
[NonParallelizable]
internal sealed partial class DecoderTests
{
    // The text is this one's.
    private const string Llvm = "22";

    private static readonly string Builds = Path.Combine(Checkout.RepositoryRoot, "artifacts");

    private static Host.Tools.Engine Engine =>
        RecordFile.TryRead<EngineFinder.Choice>(Path.Combine(Checkout.RepositoryRoot, "artifacts", "engine.json"))!.Engine;

    [Test]
    public void Every_instruction_of_the_kept_kernels_has_the_text_of_llvm_objdump()
    {
        var book = RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes"));
        var built = (
            from recipe in book.Names
            from variant in book.Read(recipe).Variants
            where variant.Value.Devices.Contains("emulated") && File.Exists(Path.Combine(Builds, recipe, variant.Key, "minimal.json"))
            select (Build: Path.Combine(recipe, variant.Key), Gpu: variant.Value.CodeTarget)
        ).ToList();
        Assert.That(built, Is.Not.Empty, "no minimal image; run ./build.sh --target=MinimalImage");
        foreach (var (build, gpu) in built)
            Compare(build, gpu);
    }

    private static void Compare(string build, string gpu)
    {
        var folder = Directory.CreateTempSubdirectory("gfxbake-decoder").FullName;
        var image = $"localhost/gfxbake-decoder:{Guid.NewGuid():n}";
        try
        {
            var objects = Path.Combine(folder, "objects");
            Directory.CreateDirectory(objects);
            Export(Path.Combine(Builds, build), Path.Combine(folder, "image.tar"));
            using (var root = ImageFileSystem.Open(Path.Combine(folder, "image.tar")))
                CodeObjects.Write(root, IsWanted, TargetId.Parse(gpu), objects);
            BuildTool(Path.Combine(Builds, build), Path.Combine(folder, "tool"), image);

            var results = Directory.CreateDirectory(Path.Combine(folder, "compared")).FullName;
            var all = $"ls /code/objects | xargs --max-args=1 --max-procs=$(nproc) bash /src/compare.sh {gpu}";
            var said = Must("run", "--rm", "--network=none", $"--volume={folder}:/code", image, "sh", "-c", all);

            // podman may lose the end of what it prints, so the counts are in files.
            var counts = Directory.GetFiles(results).Select(f => new Counted(Path.GetFileName(f), File.ReadAllText(f))).ToList();
            TestContext.Out.WriteLine(said);
            foreach (var part in counts.GroupBy(c => c.Name.StartsWith("libggml-hip", StringComparison.Ordinal)))
                TestContext.Out.WriteLine($"{build} ({gpu}), {(part.Key ? "libggml-hip.so" : "rocBLAS")}: {Counted.Sum(part)}");
            Assert.Multiple(() =>
            {
                Assert.That(counts.Select(c => c.Name), Is.EquivalentTo(Directory.GetFiles(objects).Select(Path.GetFileName)));
                Assert.That(counts.Where(c => c.Instructions == 0).Select(c => c.Name), Is.Empty, "files without an instruction");
                Assert.That(counts.Sum(c => c.Different), Is.Zero, said);
            });
        }
        finally
        {
            Run("rmi", "--force", image);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsWanted(string path) =>
        path.EndsWith("/libggml-hip.so", StringComparison.Ordinal)
        || (path.Contains("/rocblas/", StringComparison.Ordinal) && Path.GetExtension(path) is ".co" or ".hsaco");

    private static void Export(string build, string tar)
    {
        var id = RecordFile.TryRead<MinimalRecord>(Path.Combine(build, "minimal.json"))!.ImageId;
        var container = Must("create", "--network=none", id, "nothing").Trim().Split('\n')[^1];
        try
        {
            Must("export", "--output", tar, container);
        }
        finally
        {
            Run("rm", container);
        }
    }

    private static void BuildTool(string build, string context, string image)
    {
        Checkout.CopyFolder(Path.Combine(Checkout.FixtureFolder("emulated"), "decoder"), context);
        Checkout.CopyFolder(Path.Combine(Checkout.RepositoryRoot, "docker", "devices", "emulated"), Path.Combine(context, "emulated"));
        var below = RecordFile.TryRead<BaseRecord>(Path.Combine(build, "base.json"))!.Image;
        Must("build", "--build-arg", "BASE=" + below, "--build-arg", "LLVM=" + Llvm, "--tag", image, context);
    }

    private static string Must(params string[] words)
    {
        var outcome = Run(words);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return outcome.Output;
    }

    private static Outcome Run(params string[] words) =>
        Command.Run(["env", .. Engine.Environment.Select(e => $"{e.Key}={e.Value}"), Engine.Path, .. words]);

    /// <summary>What was counted in one code object.</summary>
    private sealed partial record Counted
    {
        public Counted(string name, string line)
        {
            Name = name;
            var said = Line().Match(line.TrimEnd());
            Assert.That(said.Success, Is.True, $"{name}: {line}");
            long Number(string what) => long.Parse(said.Groups[what].Value, CultureInfo.InvariantCulture);
            (Functions, Instructions, None, Different) = (Number("functions"), Number("instructions"), Number("none"), Number("different"));
        }

        public string Name { get; }

        public long Functions { get; }

        public long Instructions { get; }

        /// <summary>Words that both take for no instruction.</summary>
        public long None { get; }

        public long Different { get; }

        public static string Sum(IEnumerable<Counted> of) =>
            $"{of.Count():N0} code objects, {of.Sum(c => c.Functions):N0} functions, {of.Sum(c => c.Instructions):N0} instructions, "
            + $"{of.Sum(c => c.None):N0} words that are none, {of.Sum(c => c.Different):N0} that differ";

        [GeneratedRegex(@"^functions (?<functions>\d+) instructions (?<instructions>\d+) none (?<none>\d+) different (?<different>\d+)$")]
        private static partial Regex Line();
    }
}
