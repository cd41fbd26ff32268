using Gfxbake.Pipeline.Staging;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Staging;

public sealed class StageNeedsTests
{
    private readonly List<string> paths = [];
    private string root = "";

    [SetUp]
    public void MakeFolder() => root = Directory.CreateTempSubdirectory("gfxbake-needs").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(root, recursive: true);

    [Test]
    public void Folders_are_those_of_needed_libraries_and_the_rest_is_the_hosts()
    {
        File("/usr/lib64/libamd_comgr.so.3", new ElfBuilder { Needed = ["libLLVM.so.22", "libc.so.6"] });
        File("/usr/lib64/rocm/llvm/lib/libLLVM.so.22", new ElfBuilder { Needed = ["libz.so.1"] });
        File("/usr/lib64/rocm/llvm/bin/clang", new ElfBuilder { Needed = ["libclang-cpp.so.22", "libc.so.6"] });
        File("/usr/lib64/rocm/llvm/lib/libclang-cpp.so.22", new ElfBuilder());
        // Nobody asks the loader for these.
        File("/usr/lib64/rocm/llvm/lib/clang/22/lib/libasan.so", new ElfBuilder());
        File("/usr/bin/hipcc", "#!/bin/sh"u8.ToArray());

        var needs = StageNeeds.Of(root, paths);

        Assert.That(needs.Folders, Is.EqualTo(new[] { "usr/lib64/rocm/llvm/lib" }));
        Assert.That(needs.OfHost, Is.EqualTo(new[] { "libc.so.6", "libz.so.1" }));
    }

    [Test]
    public void Of_two_with_the_same_name_the_one_nearer_to_the_top_counts()
    {
        File("/usr/bin/clinfo", new ElfBuilder { Needed = ["libOpenCL.so.1"] });
        File("/usr/lib64/asan/libOpenCL.so.1", new ElfBuilder());
        File("/usr/lib64/libOpenCL.so.1", new ElfBuilder());

        Assert.That(StageNeeds.Of(root, paths).Folders, Is.EqualTo(new[] { "usr/lib64" }));
    }

    private void File(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(root + path)!);
        System.IO.File.WriteAllBytes(root + path, content);
        paths.Add(path);
    }
}
