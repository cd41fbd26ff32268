using Gfxbake.Formats.Comgr;
using Gfxbake.Unit.Tests.Formats.Offload.RealTools;

namespace Gfxbake.Unit.Tests.Formats.Comgr;

/// <summary>
/// The recorder before a library whose compiler is a fixture, as comgr's own: its bitcode is another in each run. What it records must
/// make the stand-in answer the same program.
/// </summary>
[Category(Needs.Compiler)]
public sealed class RecorderTests
{
    private const string Name = "libamd_comgr.so.3",
        Bare = "bare.so";

    private string folder = "";
    private string parts = "";

    private static string Library => Path.Combine(RepositoryRoot.Path, "docker", "standins", "comgr");

    private static string Fixtures => Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "comgr", "recorded");

    [OneTimeSetUp]
    public void Build()
    {
        Toolchain.Require("gcc");
        folder = Directory.CreateTempSubdirectory("gfxbake-recorder-").FullName;
        var own = Sources("recorder.c", "ask.c", "no_images.c");
        Compile("real", [.. own.Where(f => Path.GetFileName(f) != "compile.c"), Path.Combine(Fixtures, "compiler.c"), "-lzstd"]);
        Compile("standin", [.. own, "-lzstd"]);
        Compile("recorder", [Path.Combine(Library, "recorder.c"), Path.Combine(Library, "sha256.c")]);
        File.Copy(Path.Combine(folder, "recorder", Bare), Path.Combine(folder, "recorder", Name));
        Toolchain.Run(
            "gcc",
            $"-I{Library}",
            Path.Combine(Fixtures, "program.c"),
            "-o",
            Path.Combine(folder, "program"),
            Path.Combine(folder, "real", Bare),
            "-lzstd"
        );
        // The library that is recorded knows of targets as the stand-in does, so it has a table too.
        using var table = new RecordedParts();
        WithTable("real", table.Folder);
    }

    [OneTimeTearDown]
    public void Delete()
    {
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
    }

    [SetUp]
    public void MakeParts() => parts = Directory.CreateTempSubdirectory("gfxbake-parts-").FullName;

    [TearDown]
    public void DeleteParts() => Directory.Delete(parts, recursive: true);

    [Test]
    public void Results_that_only_the_next_action_takes_may_differ_from_run_to_run()
    {
        Record("kernel");
        Record("kernel");

        var table = WithTable("standin", parts);

        Assert.That(table.Requests, Is.EqualTo(4));
        Assert.That(Run("standin", "kernel"), Is.EqualTo((0, "code of kernel\n")));
    }

    [Test]
    public void Results_that_programs_take_may_not()
    {
        Record("kernel", "GFXBAKE_TEST_UNSTABLE=1");
        Record("kernel", "GFXBAKE_TEST_UNSTABLE=1");

        Assert.That(
            () => ComgrTable.Read(parts),
            Throws.TypeOf<ComgrFormatException>().With.Message.StartsWith("two runs recorded different answers for request-")
        );
    }

    // Else the code of one would be the other's answer.
    [Test]
    public void Two_programs_have_two_answers()
    {
        Record("one");
        Record("other");

        WithTable("standin", parts);

        Assert.That(Run("standin", "one"), Is.EqualTo((0, "code of one\n")));
        Assert.That(Run("standin", "other"), Is.EqualTo((0, "code of other\n")));
        Assert.That(Run("standin", "third").Output, Does.Contain("was not recorded"));
    }

    // As docs/standins.md has it with a mount and LD_LIBRARY_PATH.
    [Test]
    public void Library_itself_before_the_stand_in_compiles_what_was_not_recorded()
    {
        Record("one");
        WithTable("standin", parts);

        Assert.That(Run("standin", "other").Status, Is.EqualTo(134));
        Assert.That(Run($"real:{folder}/standin", "other").Output, Does.StartWith("code of other"));
    }

    private void Record(string source, string setting = "GFXBAKE_TEST=")
    {
        var (status, output) = Run(
            "recorder",
            source,
            $"GFXBAKE_COMGR={Path.Combine(folder, "real", Name)}",
            $"GFXBAKE_COMGR_RECORD={parts}",
            setting
        );
        Assert.That(status, Is.Zero, output);
        Assert.That(output, Does.StartWith($"code of {source}"));
    }

    private (int Status, string Output) Run(string library, string source, params string[] environment) =>
        Toolchain.Try("env", [$"LD_LIBRARY_PATH={Path.Combine(folder, library)}", .. environment, Path.Combine(folder, "program"), source]);

    private ComgrTable WithTable(string library, string recorded)
    {
        var table = ComgrTable.Read(recorded);
        File.WriteAllBytes(Path.Combine(folder, library, Name), table.Behind(File.ReadAllBytes(Path.Combine(folder, library, Bare))));
        return table;
    }

    private static List<string> Sources(params string[] without) =>
        [.. Directory.EnumerateFiles(Library, "*.c").Where(f => !without.Contains(Path.GetFileName(f))).Order(StringComparer.Ordinal)];

    private void Compile(string name, IEnumerable<string> sources)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        Toolchain.Run(
            "gcc",
            [
                "-std=c11",
                "-D_GNU_SOURCE",
                "-O1",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-fvisibility=hidden",
                "-shared",
                "-fPIC",
                $"-Wl,-soname,{Name}",
                $"-Wl,--version-script={Path.Combine(Library, "exports.map")}",
                $"-I{Library}",
                "-o",
                Path.Combine(folder, name, Bare),
                .. sources,
            ]
        );
    }
}
