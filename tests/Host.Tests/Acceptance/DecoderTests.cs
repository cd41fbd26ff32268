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
/// writes what Debian's llvm-objdump writes. Looks at each variant that has a minimal image and the emulated GPU; one of them must be there.
/// </summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[Category(Needs.Night)]
[NonParallelizable]
internal sealed partial class DecoderTests
{
    private const string Name = "llama-cpp-gfx1151";

    // The text is this one's.
    private const string Llvm = "22";

    private static readonly string Builds = Path.Combine(Checkout.RepositoryRoot, "artifacts", Name);

    private static Host.Tools.Engine Engine =>
        RecordFile.TryRead<EngineFinder.Choice>(Path.Combine(Checkout.RepositoryRoot, "artifacts", "engine.json"))!.Engine;

    [Test]
    public void Every_instruction_of_the_kept_kernels_has_the_text_of_llvm_objdump()
    {
        var recipe = RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Read(Name);
        var built = recipe
            .Variants.Where(v => v.Value.Devices.Contains("emulated") && File.Exists(Path.Combine(Builds, v.Key, "minimal.json")))
            .ToDictionary(v => v.Key, v => v.Value.CodeTarget);
        Assert.That(built, Is.Not.Empty, "no minimal image; run ./build.sh --target=MinimalImage");
        foreach (var (variant, gpu) in built)
            Compare(variant, gpu);
    }

    private static void Compare(string variant, string gpu)
    {
        var folder = Directory.CreateTempSubdirectory("gfxbake-decoder").FullName;
        var image = $"localhost/gfxbake-decoder:{Guid.NewGuid():n}";
        try
        {
            var objects = Path.Combine(folder, "objects");
            Directory.CreateDirectory(objects);
            Export(Path.Combine(Builds, variant), Path.Combine(folder, "image.tar"));
            using (var root = ImageFileSystem.Open(Path.Combine(folder, "image.tar")))
                CodeObjects.Write(root, IsWanted, TargetId.Parse(gpu), objects);
            BuildTool(Path.Combine(Builds, variant), Path.Combine(folder, "tool"), image);

            var said = Must("run", "--rm", "--network=none", $"--volume={folder}:/code", image, "sh", "/src/compare.sh", gpu);

            // podman may lose the end of what it prints, so the counts are in a file.
            var counts = File.ReadLines(Path.Combine(folder, "compared")).Select(l => Counts().Match(l)).ToList();
            TestContext.Out.WriteLine(said);
            Report(
                variant,
                gpu,
                "libggml-hip.so",
                counts.Where(c => c.Groups["file"].Value.StartsWith("libggml-hip", StringComparison.Ordinal))
            );
            Report(variant, gpu, "rocBLAS", counts.Where(c => !c.Groups["file"].Value.StartsWith("libggml-hip", StringComparison.Ordinal)));
            Assert.Multiple(() =>
            {
                Assert.That(
                    counts.Select(c => c.Groups["file"].Value),
                    Is.EquivalentTo(Directory.GetFiles(objects).Select(Path.GetFileName))
                );
                Assert.That(counts.Where(c => Count(c, "instructions") == 0), Is.Empty, "files without an instruction");
                Assert.That(counts.Sum(c => Count(c, "different")), Is.Zero, said);
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

    private static void Report(string variant, string gpu, string what, IEnumerable<Match> counts)
    {
        var files = counts.ToList();
        TestContext.Out.WriteLine(
            $"{variant} ({gpu}), {what}: {files.Count:N0} code objects, {files.Sum(c => Count(c, "functions")):N0} functions, "
                + $"{files.Sum(c => Count(c, "instructions")):N0} instructions, {files.Sum(c => Count(c, "none")):N0} words that are none, "
                + $"{files.Sum(c => Count(c, "different")):N0} that differ"
        );
    }

    private static long Count(Match line, string what) => long.Parse(line.Groups[what].Value);

    private static string Must(params string[] words)
    {
        var outcome = Run(words);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return outcome.Output;
    }

    private static Outcome Run(params string[] words) =>
        Command.Run(["env", .. Engine.Environment.Select(e => $"{e.Key}={e.Value}"), Engine.Path, .. words]);

    [GeneratedRegex(
        @"^(?<file>\S+) functions (?<functions>\d+) instructions (?<instructions>\d+) none (?<none>\d+) different (?<different>\d+)$"
    )]
    private static partial Regex Counts();
}
