using Gfxbake.Formats.Comgr;
using Gfxbake.Unit.Tests.Formats.Offload.RealTools;

namespace Gfxbake.Unit.Tests.Formats.Comgr;

/// <summary>
/// The library that stands in for comgr, compiled with ASAN and UBSAN into a program that plays HIP: tests/fixtures/comgr. Code objects,
/// bundles and tables come from what is under test, so all of them are hostile.
/// </summary>
[Category(Needs.Compiler)]
public sealed class StandInLibraryTests
{
    private const int Aborted = 134;

    private string folder = "";
    private SanitizedProgram? program;

    private static string Library => Path.Combine(RepositoryRoot.Path, "docker", "standins", "comgr");

    private static string Fixtures => Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "comgr");

    private string Harness => Path.Combine(folder, "harness");

    private string Bare => program!.File;

    [OneTimeSetUp]
    public void Build()
    {
        // These three are no part of the library.
        var sources = Directory
            .EnumerateFiles(Library, "*.c")
            .Where(f => Path.GetFileName(f) is not ("recorder.c" or "ask.c" or "no_images.c"));
        program = new SanitizedProgram(
            "comgr",
            [
                "-D_GNU_SOURCE",
                $"-I{Library}",
                .. sources.Concat(Directory.EnumerateFiles(Fixtures, "*.c")).Order(StringComparer.Ordinal),
                "-lzstd",
            ]
        );
        folder = Directory.CreateTempSubdirectory("gfxbake-comgr-").FullName;
        using var parts = new RecordedParts();
        File.WriteAllBytes(Harness, ComgrTable.Read(parts.Folder).Behind(File.ReadAllBytes(Bare)));
        File.SetUnixFileMode(Harness, File.GetUnixFileMode(Bare));
    }

    [OneTimeTearDown]
    public void Delete()
    {
        program?.Dispose();
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
    }

    // Kernels of two notes become one list, maps are sorted, numbers and booleans are texts: read off the real library.
    [Test]
    public void Code_objects_and_bundles_are_read() =>
        Assert.That(
            Toolchain.Run(Harness, "sample"),
            Is.EqualTo(
                """
                isa 0 amdgcn-amd-amdhsa--gfx1100
                metadata 0 {amdhsa.kernels=[{.name=a;.on=1;.size=7;},{.name=b;.on=1;.size=7;},];amdhsa.version=[1,2,];}symbol a.kd 1 64 64 0
                symbol b.kd 1 64 128 0
                symbol value 2 0 0 1

                symbols 0
                a.kd 0
                lookup 0 4096@0 0@0 0@0
                isa 2 
                metadata 2 
                symbols 1
                a.kd 1
                lookup 0 4096@4096 0@0 0@0
                unbundled 4096
                unbundled 0
                version 1 4096
                version 2 4096
                version 3 4096

                """
            )
        );

    [Test]
    public void Recorded_request_is_answered() =>
        Assert.That(Toolchain.Run(Harness, "compile", RecordedParts.Source), Is.EqualTo("status 0: compiled\n"));

    [Test]
    public void Other_request_ends_with_what_was_asked_and_what_is_recorded()
    {
        var (status, output) = Toolchain.Try(Harness, "compile", "other");

        Assert.That(status, Is.EqualTo(Aborted), output);
        Assert.That(output, Does.StartWith("gfxbake: libamd_comgr stand-in: HIP asks to compile something that was not recorded"));
        Assert.That(output, Does.Contain($"asked for: in 1 {RecordedParts.Hex("other")} source.cl"));
        Assert.That(output, Does.Contain($"recorded:  in 1 {RecordedParts.Hex(RecordedParts.Source)} source.cl"));
        Assert.That(output, Does.Contain("./build.sh --target=CompilerLayer").And.Contains("--standins=none"));
    }

    [Test]
    public void Table_of_another_target_ends_with_both_targets()
    {
        const string Other = "amdgcn-amd-amdhsa--gfx1151";
        using var parts = new RecordedParts(Other);
        var other = Path.Combine(folder, "other-target");
        File.WriteAllBytes(other, ComgrTable.Read(parts.Folder).Behind(File.ReadAllBytes(Bare)));
        File.SetUnixFileMode(other, File.GetUnixFileMode(Bare));

        var (status, output) = Toolchain.Try(other, "compile", RecordedParts.Source);

        Assert.That(status, Is.EqualTo(Aborted), output);
        Assert.That(output, Does.Contain($"asked for: isa {RecordedParts.Target}").And.Contain($"recorded:  isa {Other}"));
    }

    [Test]
    public void What_only_a_compiler_can_do_says_so_and_aborts()
    {
        var (status, output) = Toolchain.Try(Harness, "needs-compiler");

        Assert.That(status, Is.EqualTo(Aborted), output);
        Assert.That(output, Does.Contain("amd_comgr_symbolize needs a compiler, and this image has none"));
        Assert.That(output, Does.Contain("./build.sh --target=CompilerLayer"));
    }

    [Test]
    public void Without_a_table_nothing_starts()
    {
        var (status, output) = Toolchain.Try(Bare, "sample");

        Assert.That(status, Is.EqualTo(Aborted), output);
        Assert.That(output, Does.Contain("has no table at its end; next: make the image again"));
    }

    [Test]
    public void Table_that_is_cut_off_does_not_start()
    {
        var whole = File.ReadAllBytes(Harness);
        var cut = Path.Combine(folder, "cut");
        // The end stays, so that it looks like a table.
        File.WriteAllBytes(cut, [.. whole[..^40], .. whole[^16..]]);
        File.SetUnixFileMode(cut, File.GetUnixFileMode(Bare));

        var (status, output) = Toolchain.Try(cut, "sample");

        Assert.That(status, Is.EqualTo(Aborted), output);
        Assert.That(output, Does.Contain("table"));
    }

    [Test]
    public void Hostile_code_bundles_and_tables_harm_nothing() =>
        Toolchain.Run(Harness, "hostile", $"{Rounds.Seed}", $"{Math.Max(1, Rounds.Count)}");

    // Without ASAN and UBSAN the test above proves little.
    [Test]
    public void Harness_is_built_with_sanitizers() =>
        Assert.That(Toolchain.Run("readelf", "--wide", "--dyn-syms", Bare), Does.Contain("__asan_report").And.Contain("__ubsan_handle"));
}
