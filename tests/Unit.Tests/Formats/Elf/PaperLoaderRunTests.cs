using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Images;
using Gfxbake.Unit.Tests.Formats.Offload.RealTools;

namespace Gfxbake.Unit.Tests.Formats.Elf;

/// <summary>The paper loader and the real one, each with the same libraries; tests/fixtures/matching has those of two ROCms.</summary>
[Category(Needs.Compiler)]
public sealed class PaperLoaderRunTests
{
    private const string Versions = "ONE { global: first; local: hidden_*; }; TWO { global: second; } ONE;";

    private const string SoName = "soname:";

    private string folder = "";

    [OneTimeSetUp]
    public void Build()
    {
        Toolchain.Require("g++");
        folder = Directory.CreateTempSubdirectory("gfxbake-paper-").FullName;
        foreach (var name in new[] { "a", "b", "plain" })
            Directory.CreateDirectory(At(name));
        File.Copy(Path.Combine(RepositoryRoot.Path, "tests/fixtures/matching/dlopen.c"), At("dlopen.c"));
        Toolchain.Run("g++", "-x", "c", At("dlopen.c"), "-o", At("dlopen"), "-ldl");
        File.WriteAllText(At("one-and-two.map"), Versions);
        File.WriteAllText(At("one.map"), "ONE { global: first; };");
        File.WriteAllText(At("empty-two.map"), "ONE { global: first; second; }; TWO { } ONE;");
        Library(
            "a/libbase.so.1",
            "int first(void){return 1;} int second(void){return 2;}",
            "-Wl,--version-script=" + At("one-and-two.map")
        );
        Library("a/libuser.so", "int first(void); int second(void); int user(void){return first()+second();}", At("a/libbase.so.1"));
        Library(
            "a/libweak.so",
            "int first(void); int second(void) __attribute__((weak)); int weak(void){return second ? first() : 0;}",
            At("a/libbase.so.1")
        );
        Library("a/libmaybe.so", "int nowhere(void) __attribute__((weak)); int maybe(void){return nowhere ? nowhere() : 0;}");
        Library("a/liblost.so", "int nowhere(void); int lost(void){return nowhere();}");
        Library("a/libcpp.so", "#include <iostream>\nvoid say(){ std::cout << 1; }");
        Library("a/libold.so", "int first(void); int old(void){return first();}");
        Library("plain/libbase.so.1", "int first(void){return 1;} int second(void){return 2;}");
        Library("plain/libshort.so.1", "int first(void){return 1;}", SoName + "libbase.so.1");
        Library("b/libbase.so.1", "int first(void){return 1;}", "-Wl,--version-script=" + At("one.map"));
        Library(
            "b/libempty.so.1",
            "int first(void){return 1;} int second(void){return 2;}",
            "-Wl,--version-script=" + At("empty-two.map"),
            SoName + "libbase.so.1"
        );
        Library("a/libbyrunpath.so", "int first(void); int x(void){return first();}", At("a/libbase.so.1"), "-Wl,-rpath,$ORIGIN");
        Library(
            "a/libbyrpath.so",
            "int first(void); int x(void){return first();}",
            At("a/libbase.so.1"),
            "-Wl,-rpath,$ORIGIN",
            "-Wl,--disable-new-dtags"
        );
        Library("a/libnodefault.so", "int x(void){return 1;}", "-Wl,--no-as-needed", "-lz", "-Wl,-z,nodefaultlib");
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    // What lies in the folder of the case: file names, each with where it comes from.
    [TestCase("libuser.so", "libuser.so=a/libuser.so libbase.so.1=a/libbase.so.1", true)]
    [TestCase("libuser.so", "libuser.so=a/libuser.so", false, TestName = "Needed_library_is_missing")]
    [TestCase("libuser.so", "libuser.so=a/libuser.so libbase.so.1=b/libbase.so.1", false, TestName = "Version_is_missing")]
    [TestCase("libuser.so", "libuser.so=a/libuser.so libbase.so.1=b/libempty.so.1", false, TestName = "Symbol_has_another_version")]
    [TestCase(
        "libuser.so",
        "libuser.so=a/libuser.so libbase.so.1=plain/libbase.so.1",
        false,
        TestName = "Library_without_versions_is_taken_for_damaged"
    )]
    [TestCase(
        "libuser.so",
        "libuser.so=a/libuser.so libbase.so.1=plain/libshort.so.1",
        false,
        TestName = "Library_without_versions_lacks_one"
    )]
    [TestCase("libuser.so", "libuser.so=a/libuser.so libbase.so.1=a/libcpp.so", false, TestName = "Another_library_under_the_name")]
    [TestCase("libweak.so", "libweak.so=a/libweak.so libbase.so.1=b/libbase.so.1", false, TestName = "Version_of_a_weak_symbol_is_missing")]
    [TestCase("libmaybe.so", "libmaybe.so=a/libmaybe.so", true, TestName = "Weak_symbol_of_nobody")]
    [TestCase("liblost.so", "liblost.so=a/liblost.so", false, TestName = "Symbol_of_nobody")]
    [TestCase("libcpp.so", "libcpp.so=a/libcpp.so", true, TestName = "Library_of_this_machine")]
    [TestCase("libold.so", "libold.so=a/libold.so", false, TestName = "Reference_without_a_library")]
    [TestCase("libbyrunpath.so", "libbyrunpath.so=a/libbyrunpath.so libbase.so.1=a/libbase.so.1", true, "-")]
    [TestCase(
        "libbyrunpath.so",
        "libbyrunpath.so=a/libbyrunpath.so libbase.so.1=a/libbase.so.1",
        false,
        "bad",
        TestName = "Path_beats_RUNPATH"
    )]
    [TestCase("libbyrpath.so", "libbyrpath.so=a/libbyrpath.so libbase.so.1=a/libbase.so.1", true, "bad", TestName = "RPATH_beats_path")]
    [TestCase("libuser.so", "libuser.so=a/libuser.so libbase.so.1=a/libbase.so.1", false, "-", TestName = "Nothing_leads_to_it")]
    [TestCase("libnodefault.so", "libnodefault.so=a/libnodefault.so", false, "-", TestName = "NODEFLIB_leaves_the_usual_folders_out")]
    public void Both_loaders_say_the_same(string library, string files, bool expected, string path = "@")
    {
        var at = Directory.CreateTempSubdirectory("gfxbake-case-").FullName;
        try
        {
            foreach (var file in files.Split(' ').Select(f => f.Split('=')))
                File.CreateSymbolicLink(Path.Combine(at, file[0]), At(file[1]));
            // A broken library of the name in front.
            Directory.CreateDirectory(Path.Combine(at, "bad"));
            File.WriteAllBytes(Path.Combine(at, "bad/libbase.so.1"), []);
            var search =
                path == "-" ? ""
                : path == "bad" ? Path.Combine(at, "bad")
                : at;
            var name = Path.Combine(at, library);

            var paper = new PaperLoader(new FolderTree("/"), search).Open(name);
            var real = Toolchain.Run("bash", "-c", $"LD_LIBRARY_PATH={search} {At("dlopen")} {name} || true");

            Assert.That(paper.Loads, Is.EqualTo(expected), string.Join("; ", paper.Problems));
            Assert.That(real.StartsWith("yes", StringComparison.Ordinal), Is.EqualTo(expected), real);
        }
        finally
        {
            Directory.Delete(at, recursive: true);
        }
    }

    private void Library(string name, string source, params string[] more)
    {
        var file = At($"{Path.GetFileName(name)}.{more.Length}.c");
        File.WriteAllText(file, source);
        var soName = more.FirstOrDefault(m => m.StartsWith(SoName, StringComparison.Ordinal)) ?? SoName + Path.GetFileName(name);
        var language = source.Contains("iostream", StringComparison.Ordinal) ? "c++" : "c";
        Toolchain.Run(
            "g++",
            [
                "-x",
                language,
                "-shared",
                "-fPIC",
                file,
                "-x",
                "none",
                .. more.Where(m => !m.StartsWith(SoName, StringComparison.Ordinal)),
                "-o",
                At(name),
                $"-Wl,-soname,{soName[SoName.Length..]}",
            ]
        );
    }

    private string At(string name) => Path.Combine(folder, name);
}
