namespace Gfxbake.Unit.Tests.Pipeline.Trace;

/// <summary>The C files of the emulated GPU that know no queue: what the tests of instructions compile.</summary>
internal static class EmulatorCore
{
    // These are the device around it, and need the null GPU's sources.
    private static readonly string[] Others = ["emugpu.c", "profile.c", "threads.c"];

    public static string Folder => Path.Combine(RepositoryRoot.Path, "docker", "devices", "emulated");

    public static IEnumerable<string> Sources =>
        Directory.EnumerateFiles(Folder, "*.c").Where(f => !Others.Contains(Path.GetFileName(f))).Order(StringComparer.Ordinal);
}
