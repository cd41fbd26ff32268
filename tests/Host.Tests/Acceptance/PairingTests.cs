using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// Real libraries of ROCm 6.4 and 7.2.4, mixed and changed one thing at a time: the paper loader must say of each what dlopen says in a
/// container of the variant vulkan's base. The list is tests/fixtures/matching/pairings.txt; PaperLoaderRunTests tries a few such cases
/// with small libraries, and is quick.
/// </summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[Category(Needs.Compiler)]
[Category(Needs.Night)]
[NonParallelizable]
public sealed class PairingTests
{
    private static readonly string Build = Path.Combine(Checkout.RepositoryRoot, "artifacts", "llama-cpp-gfx1151", "vulkan");

    private static Host.Tools.Engine Engine =>
        RecordFile.TryRead<EngineFinder.Choice>(Path.Combine(Checkout.RepositoryRoot, "artifacts", "engine.json"))!.Engine;

    [Test]
    public void Paper_loader_agrees_with_dlopen()
    {
        var list = Path.Combine(Checkout.FixtureFolder("matching"), "pairings.txt");
        var folder = Directory.CreateTempSubdirectory("gfxbake-pairings").FullName;
        var container = $"gfxbake-pairings-{Guid.NewGuid():n}";
        try
        {
            foreach (var file in Directory.EnumerateFiles(Checkout.FixtureFolder("matching")))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            File.Copy(Path.Combine(Checkout.RepositoryRoot, "docker", "suite.sh"), Path.Combine(folder, "suite.sh"));
            Must(Command.Run("gcc", Path.Combine(folder, "dlopen.c"), "-o", Path.Combine(folder, "dlopen"), "-ldl"));
            var oldest = Must(Command.Run("gcc", "-print-file-name=libstdc++.so.6")).Trim();
            File.Copy(oldest, Path.Combine(folder, "libstdc++.so.6"));
            var image = RecordFile.TryRead<BaseRecord>(Path.Combine(Build, "base.json"))!.ImageId;

            var said = Must(
                Run(
                    "run",
                    "--name",
                    container,
                    "--user=0",
                    "--entrypoint=bash",
                    $"--volume={folder}:/matching:ro",
                    image,
                    "/matching/pools.sh"
                )
            );
            Must(Run("export", "--output", Path.Combine(folder, "root.tar"), container));

            using var root = ImageFileSystem.Open(Path.Combine(folder, "root.tar"));
            var real = said.Split('\n')
                .Select(l => l.Split('\t'))
                .Where(w => w.Length == 3)
                .ToDictionary(w => w[0], w => (Loads: w[1] == "yes", Said: w[2]));
            var wrong = new List<string>();
            foreach (var one in File.ReadLines(list).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('|')))
            {
                var (name, at) = (one[0].Trim(), "/case/" + one[0].Trim());
                var path = one[2].Trim() is var p && p == "-" ? null : p.Replace("@", at, StringComparison.Ordinal);
                var paper = new PaperLoader(root, path).Open(one[1].Trim().Replace("@", at, StringComparison.Ordinal));
                if (paper.Loads != real[name].Loads)
                    wrong.Add($"{name}: the loader says {real[name]}, the paper loader {string.Join("; ", paper.Problems)}");
            }

            Assert.That(wrong, Is.Empty);
            Assert.That(real, Has.Count.GreaterThanOrEqualTo(40));
        }
        finally
        {
            Run("rm", "--force", container);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Outcome Run(params string[] words) =>
        Command.Run(["env", .. Engine.Environment.Select(e => $"{e.Key}={e.Value}"), Engine.Path, .. words]);

    private static string Must(Outcome outcome)
    {
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return outcome.Output;
    }
}
