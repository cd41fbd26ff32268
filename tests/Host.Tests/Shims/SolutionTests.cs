using System.Diagnostics;
using Gfxbake.Host.Tests.Engine;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Shims;

[TestFixture]
internal sealed class SolutionTests
{
    // The solution names the shims in both modes, and beside the real packages each type would be there twice.
    [TestCase("nuget", "")]
    [TestCase("tool", "CakeHost.cs")]
    public void Shims_hold_nothing_beside_the_real_packages(string mode, string expected)
    {
        string[] words =
        [
            "msbuild",
            Path.Combine(Checkout.RepositoryRoot, "build", "Shims", "Shims.csproj"),
            "-p:CakePackages=" + mode,
            "-getItem:Compile",
            "-getItem:PackageReference",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true })!;
        var items = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.Zero, items);
        Assert.That(
            items,
            expected.Length > 0 ? Does.Contain(expected) : Does.Contain("\"Compile\": []").And.Contain("\"PackageReference\": []")
        );
    }
}
