using Gfxbake.Host.Tests.Engine;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>
/// An engine that is a shell script (tests/fixtures/script-engine): a container is a process of this machine that runs the entry point.
/// Each call is logged, so that a test sees what was asked of it.
/// </summary>
internal sealed class ScriptEngine
{
    private readonly string folder;

    public ScriptEngine(SampleBuild build)
    {
        build.Fixture.AddTool("podman").RealProcesses = true;
        folder = build.PathOf("bin");
        // A link: the kernel starts no file that is open for writing, and a process that another test starts at that moment holds it open.
        File.Delete(Path.Combine(folder, "podman"));
        File.CreateSymbolicLink(Path.Combine(folder, "podman"), Path.Combine(Checkout.FixtureFolder("script-engine"), "podman"));
    }

    public IReadOnlyList<string> Calls => File.ReadAllLines(Path.Combine(folder, "calls"));

    /// <summary>The host address of the server that stands for the container's.</summary>
    public void Publish(string address) => File.WriteAllText(Path.Combine(folder, "port"), address + "\n");

    /// <summary>Lets every removal fail.</summary>
    public void Break() => File.WriteAllText(Path.Combine(folder, "broken"), "");

    /// <summary>What strace does before the program starts; the folder for its log is in $TRACE.</summary>
    public void Trace(string script) => File.WriteAllText(Path.Combine(folder, "trace"), script);

    /// <summary>Ends the container's process as a crash would.</summary>
    public void Crash()
    {
        using var process = System.Diagnostics.Process.GetProcessById(LastProcess);
        process.Kill();
        process.WaitForExit(TimeSpan.FromSeconds(5));
    }

    /// <summary>Lets the engine's disk be full for images.</summary>
    public void Fill() => File.WriteAllText(Path.Combine(folder, "full"), "");

    /// <summary>The folder for temporary files that the last load was given.</summary>
    public string TemporaryOfLoad => File.ReadAllText(Path.Combine(folder, "tmpdir"));

    public bool Runs => Directory.Exists($"/proc/{LastProcess}");

    private int LastProcess => int.Parse(File.ReadAllText(Path.Combine(folder, "last")));
}
