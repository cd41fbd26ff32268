using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

/// <summary>A driver that needs a compiler which it never calls, as RADV does; every test changes what it is about.</summary>
internal static class StandInSample
{
    public const string Compiler = "/usr/lib/libLLVM.so.22.1",
        Driver = "/usr/lib/libvulkan_radeon.so",
        Solver = "/usr/lib/libz3.so.4.13",
        SolverLink = "/usr/lib/libz3.so.4",
        Zip = "/usr/lib/libz.so.1";

    public static readonly StandInRule Rule = new()
    {
        Library = "libLLVM.so.*",
        Why = "the driver has its own compiler",
        Next = "leave the switch alone",
        For = ["libvulkan_radeon.so"],
        Source = "the test",
        Read = "2026-11-28",
    };

    public static ElfBuilder DriverFile { get; } =
        new()
        {
            Needed = ["libLLVM.so.22.1", "libz.so.1"],
            Symbols =
            [
                new("LLVMCreate", "LLVM_22.1", "libLLVM.so.22.1"),
                new("LLVMDispose", "LLVM_22.1", "libLLVM.so.22.1"),
                new("deflate"),
                new("__gmon_start__", Type: 0) { Binding = 2 },
            ],
        };

    public static ElfBuilder CompilerFile { get; } =
        new()
        {
            SoName = "libLLVM.so.22.1",
            Needed = ["libz3.so.4", "libz.so.1"],
            // Libraries often hold names that they could open.
            ReadOnlyData = "\0libguess.so\0"u8.ToArray(),
            Code = new byte[150_000],
            Symbols =
            [
                new("LLVMCreate", "LLVM_22.1") { IsDefined = true },
                new("LLVMDispose", "LLVM_22.1") { IsDefined = true },
                new("LLVMOther", "LLVM_22.1") { IsDefined = true },
                new("LLVMTable", "LLVM_22.1", Type: 1) { IsDefined = true },
                new("plain") { IsDefined = true },
                new("plain_table", Type: 1) { IsDefined = true },
            ],
        };

    /// <summary>All that a loader opens for the program is traced.</summary>
    public static PlannedImage Image(ElfBuilder? driver = null, ElfBuilder? compiler = null, StandInRule? rule = null)
    {
        var image = new PlannedImage();
        image
            .Image.File("/usr/bin/tool", new ElfBuilder { Needed = ["libvulkan_radeon.so"] }, executable: true)
            .File(Driver, driver ?? DriverFile)
            .File(Compiler, compiler ?? CompilerFile)
            .Link(SolverLink, "libz3.so.4.13")
            .File(Solver, new ElfBuilder { Needed = ["libz.so.1", "libdeep.so"] })
            .File("/usr/lib/libdeep.so", new ElfBuilder())
            .File("/usr/lib/libguess.so", new ElfBuilder())
            .File(Zip, new ElfBuilder());
        foreach (var path in new[] { "/usr/bin/tool", Driver, Compiler, SolverLink, "/usr/lib/libdeep.so", Zip })
            image.Trace(path);
        return image.StandIn("llvm-of-radv", rule ?? Rule);
    }

    /// <summary>Writes what a plan keeps as one layer.</summary>
    /// <returns>Its tar, in the folder.</returns>
    public static string Write(PlannedImage image, PrunePlan plan, string folder)
    {
        var tar = Path.Combine(folder, $"{Guid.NewGuid():n}.tar");
        var source = image.Image.FileSystem;
        var slimmer = new ImageSlimmer(source, FileTable.Of(source), plan, rule => rule, folder, _ => { });
        using var output = File.Create(tar);
        RootFileSystem.Write(source, plan.Entries.Where(e => e.IsKept).Select(e => source.Find(e.Path)!), output, 0, slimmer.Replace);
        return tar;
    }
}
