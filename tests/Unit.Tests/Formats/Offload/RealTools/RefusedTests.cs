using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload.RealTools;

/// <summary>What real linkers make and the rewriter cannot handle is refused with a reason.</summary>
[Category(Needs.Compiler)]
public sealed class RefusedTests
{
    // Android's packed relocations are in a table that no loader of glibc or musl knows.
    [Test]
    public void Pointers_that_no_known_relocation_sets_are_refused()
    {
        var file = Workshop.At("android");
        Workshop.Link(new Linked("android", false, "-shared", "-fuse-ld=lld", "-Wl,--pack-dyn-relocs=android"), file);
        using var source = File.OpenRead(file);

        Assert.That(
            () => FatBinaryReader.TryRead(source),
            Throws.TypeOf<OffloadFormatException>().With.Message.Contains("no RELATIVE relocation")
        );
    }

    [Test]
    public void Code_without_wrappers_is_refused()
    {
        var (file, renamed) = (Workshop.At("wrapped"), Workshop.At("unwrapped"));
        Workshop.Link(new Linked("wrapped", false, "-shared"), file);
        Toolchain.Run("objcopy", "--rename-section", ".hipFatBinSegment=.other", file, renamed);
        using var source = File.OpenRead(renamed);
        var fat = FatBinaryReader.TryRead(source)!;

        Assert.That(
            () => OffloadPlanner.Plan(fat, [TargetId.Parse(BundleFiles.Kept)], OffloadForm.Slim),
            Throws.TypeOf<OffloadRefusedException>().With.Message.Contains("no .hipFatBinSegment")
        );
    }

    [Test]
    public void File_without_section_headers_has_no_known_code()
    {
        var (file, bare) = (Workshop.At("sections"), Workshop.At("bare"));
        Workshop.Link(new Linked("sections", false, "-shared"), file);
        Toolchain.Run("llvm-objcopy", "--strip-sections", file, bare);
        using var source = File.OpenRead(bare);

        Assert.That(FatBinaryReader.TryRead(source), Is.Null);
    }

    [Test]
    public void Missing_tool_fails_with_the_packages_to_install() =>
        Assert.That(
            () => Toolchain.Require("no-such-tool"),
            Throws.TypeOf<AssertionException>().With.Message.Contains("apt-get install g++ binutils libzstd-dev lld llvm")
        );
}
