using System.Diagnostics;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Pipeline.Minimal;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>A checkout in which only the verification is left to do, on another image than the one that was built.</summary>
internal sealed class VerifyFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gfxbake-verify").FullName;

    public VerifyFolder(string build, string image, string imageId)
    {
        foreach (var name in new[] { "recipes", "docker" })
            Directory.CreateSymbolicLink(Path.Combine(root, name), Path.Combine(Checkout.RepositoryRoot, name));
        File.Copy(Path.Combine(Checkout.RepositoryRoot, "cake.config"), Path.Combine(root, "cake.config"));
        Directory.CreateDirectory(Path.Combine(root, "artifacts"));
        foreach (var name in new[] { "engine.json", "containers.conf" })
        {
            if (File.Exists(Path.Combine(Checkout.RepositoryRoot, "artifacts", name)))
                File.Copy(Path.Combine(Checkout.RepositoryRoot, "artifacts", name), Path.Combine(root, "artifacts", name));
        }

        var mine = Path.Combine(root, "artifacts", "llama-cpp-gfx1151", "debian");
        Directory.CreateDirectory(mine);
        foreach (var name in new[] { "traces", "models", "kit" })
            Directory.CreateSymbolicLink(Path.Combine(mine, name), Path.Combine(build, name));
        foreach (var name in new[] { "trace.json", "plan.json", "plan-inputs.json", "full.json", "full.mtree" })
            File.CreateSymbolicLink(Path.Combine(mine, name), Path.Combine(build, name));
        var candidate = RecordFile.TryRead<MinimalRecord>(Path.Combine(build, "candidate.json"))!;
        RecordFile.Write(Path.Combine(mine, "candidate.json"), candidate with { Image = image, ImageId = imageId });
        VerifyFile = Path.Combine(mine, "verify.json");
    }

    public string VerifyFile { get; }

    public Outcome Verify()
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            var word in new[]
            {
                "exec",
                typeof(BuildContext).Assembly.Location,
                $"--working={root}",
                "--target=VerifyMinimal",
                "--exclusive",
            }
        )
        {
            info.ArgumentList.Add(word);
        }

        using var process = Process.Start(info)!;
        return Checkout.Finish(process);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
