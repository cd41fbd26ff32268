using System.Diagnostics;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Pipeline.Minimal;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>A checkout in which only the verification is left to do, on another image than the one that was built.</summary>
internal sealed partial class VerifyFolder : IDisposable
{
    private const string VulkanVariant = "llama-cpp-vulkan.yml";

    private readonly string variant;

    /// <param name="build">Where the variant was built.</param>
    /// <param name="image">The image to verify.</param>
    /// <param name="imageId">Its id.</param>
    /// <param name="devices">The devices that count for the variant vulkan, in the recipe's words; null: the recipe's own.</param>
    public VerifyFolder(string build, string image, string imageId, string? devices = null)
    {
        variant = Path.GetFileName(build);
        Directory.CreateSymbolicLink(Path.Combine(Root, "docker"), Path.Combine(Checkout.RepositoryRoot, "docker"));
        CopyRecipes(devices);
        File.Copy(Path.Combine(Checkout.RepositoryRoot, "cake.config"), Path.Combine(Root, "cake.config"));
        Directory.CreateDirectory(Path.Combine(Root, "artifacts"));
        foreach (var name in new[] { "engine.json", "containers.conf" })
        {
            if (File.Exists(Path.Combine(Checkout.RepositoryRoot, "artifacts", name)))
                File.Copy(Path.Combine(Checkout.RepositoryRoot, "artifacts", name), Path.Combine(Root, "artifacts", name));
        }

        var mine = Path.Combine(Root, "artifacts", "llama-cpp-gfx1151", variant);
        Directory.CreateDirectory(mine);
        foreach (var name in new[] { "traces", "models", "kits" })
            Directory.CreateSymbolicLink(Path.Combine(mine, name), Path.Combine(build, name));
        foreach (var name in new[] { "trace.json", "plan.json", "plan-inputs.json", "kits.json", "full.json", "full.mtree" })
            File.CreateSymbolicLink(Path.Combine(mine, name), Path.Combine(build, name));
        var candidate = RecordFile.TryRead<MinimalRecord>(Path.Combine(build, "candidate.json"))!;
        RecordFile.Write(Path.Combine(mine, "candidate.json"), candidate with { Image = image, ImageId = imageId });
        VerifyFile = Path.Combine(mine, "verify.json");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("gfxbake-verify").FullName;

    public string VerifyFile { get; }

    public Outcome Verify()
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            var word in new[]
            {
                "exec",
                typeof(BuildContext).Assembly.Location,
                $"--working={Root}",
                "--target=VerifyMinimal",
                $"--variant={variant}",
                "--exclusive",
            }
        )
        {
            info.ArgumentList.Add(word);
        }

        using var process = Process.Start(info)!;
        return Checkout.Finish(process);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void CopyRecipes(string? devices)
    {
        // Recipes are read from plain files only, so a changed one can't stand among links.
        Checkout.CopyFolder(Path.Combine(Checkout.RepositoryRoot, "recipes"), Path.Combine(Root, "recipes"));
        if (devices is null)
            return;
        var recipe = Path.Combine(Root, "recipes", "_shared", VulkanVariant);
        var text = File.ReadAllText(recipe);
        Assert.That(Devices().Count(text), Is.EqualTo(1));
        File.WriteAllText(recipe, Devices().Replace(text, $"    devices: [{devices}]"));
    }

    [GeneratedRegex(@"^    devices: \[.*\]$", RegexOptions.Multiline)]
    private static partial Regex Devices();
}
