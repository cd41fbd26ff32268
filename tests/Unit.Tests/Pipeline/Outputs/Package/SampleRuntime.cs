using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Package;

/// <summary>
/// A minimal image with a program, its loader, a library with a search path of its own, a plugin and licences; a test changes it before the
/// first plan.
/// </summary>
internal sealed class SampleRuntime : IDisposable
{
    private const string Libraries = "/usr/lib/x86_64-linux-gnu";

    public SampleRuntime() =>
        Image
            .Link("/bin", "usr/bin")
            .Link("/lib64", "usr/lib64")
            .Link("/usr/lib64/ld.so", "../lib/x86_64-linux-gnu/ld.so")
            .File(Libraries + "/ld.so", new ElfBuilder { SoName = "ld.so" }, executable: true)
            .File(Libraries + "/libc.so.6", new ElfBuilder { SoName = "libc.so.6", Needed = ["ld.so"] })
            .File(
                Libraries + "/tool/libtool.so.1.2",
                new ElfBuilder
                {
                    SoName = "libtool.so.1",
                    Needed = ["libc.so.6"],
                    RunPath = "/usr/lib/tool",
                }
            )
            .Link(Libraries + "/tool/libtool.so.1", "libtool.so.1.2")
            .File(Libraries + "/tool/plugins/gpu.so", new ElfBuilder { Needed = ["libc.so.6"] })
            .Link("/usr/share/tool", Libraries + "/tool")
            .File(
                "/usr/bin/tool",
                new ElfBuilder
                {
                    Interpreter = "/lib64/ld.so",
                    Needed = ["libtool.so.1", "libc.so.6"],
                    RunPath = "/usr/lib/tool",
                },
                executable: true
            )
            .Text("/etc/passwd", "root:x:0:0::/:/bin/sh\n")
            .Text("/usr/share/doc/tool/copyright", "MIT")
            .Link("/usr/share/doc/libtool", "tool")
            .Text("/usr/share/common-licenses/GPL-3", "GPL")
            .Link("/usr/share/common-licenses/GPL", "GPL-3")
            .Directory("/opt");

    public TestImage Image { get; } = new();

    public PackageRecipe Rules { get; set; } =
        new()
        {
            Programs = ["/bin/tool"],
            User = "tool",
            Description = [],
            Host = [new RuntimePath("/etc/**", "the host's own")],
            Links = [new RuntimePath(Libraries + "/tool/plugins", "compiled in")],
        };

    /// <summary>Files that the image has not.</summary>
    public IReadOnlyList<TreeFile> Trees { get; set; } = [];

    /// <summary>Paths that an engine has added, so that they are in no plan.</summary>
    public HashSet<string> OfEngine { get; } = [];

    public ImageFileSystem FileSystem => Image.FileSystem;

    public RuntimeTree Plan() => PlanWith();

    /// <param name="returned">Directories whose libraries may be put back.</param>
    public RuntimeTree PlanWith(params string[] returned) =>
        RuntimePlanner.Plan(FileSystem, path => !OfEngine.Contains(path), Rules, "tool-gpu", Trees, returned);

    public void Dispose() => Image.Dispose();
}
