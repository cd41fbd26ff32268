using Gfxbake.Formats.Elf;
using Gfxbake.Unit.Tests.Formats.Offload.RealTools;

namespace Gfxbake.Unit.Tests.Formats.Elf;

/// <summary>A real loader and a real program with a stand-in instead of the library that the program was linked with.</summary>
[Category(Needs.Compiler)]
public sealed class StubLibraryRunTests
{
    private const string Library = """
        int _plain(void) { return 1; }
        int old_way(void) { return 2; }
        int new_way(void) { return 3; }
        int table[4] = { 1, 2, 3, 4 };
        int never(void) { return 4; }
        __asm__(".symver old_way, way@LIB_1");
        __asm__(".symver new_way, way@@LIB_2");
        """;

    private const string Versions = "LIB_1 { global: never; }; LIB_2 { global: table; } LIB_1;";

    private const string User = """
        extern int table[4];
        int *address(void) { return table; }
        """;

    private const string Program = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <pthread.h>
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        int never(void); int way(void);
        static void *call(void *unused) { (void)unused; way(); return 0; }
        static void returns(int number) { (void)number; }
        int main(int count, char **words)
        {
            const char *how = count > 1 ? words[1] : "";
            if (!strcmp(how, "never")) never();
            if (!strcmp(how, "way")) way();
            if (!strcmp(how, "handler")) { signal(SIGABRT, returns); never(); }
            if (!strcmp(how, "blocked")) { sigset_t all; sigfillset(&all); sigprocmask(SIG_BLOCK, &all, 0); never(); }
            if (!strcmp(how, "thread")) { pthread_t other; pthread_create(&other, 0, call, 0); pthread_join(other, 0); }
            if (!strcmp(how, "names")) {
                void *library = dlopen(words[2], RTLD_NOW);
                if (!library) { puts(dlerror()); return 1; }
                void *latest = dlsym(library, "way");
                printf("%d %d %d %d\n", latest != 0, latest == dlvsym(library, "way", "LIB_2"),
                    dlvsym(library, "way", "LIB_1") != 0 && dlvsym(library, "way", "LIB_1") != latest,
                    dlsym(library, "absent") == 0 && dlvsym(library, "way", "LIB_9") == 0);
            }
            if (!strcmp(how, "address") || !strcmp(how, "read")) {
                void *user = dlopen(words[2], RTLD_NOW);
                if (!user) { puts(dlerror()); return 1; }
                int *table = ((int *(*)(void))dlsym(user, "address"))();
                printf("%d\n", table != 0 && !strcmp(how, "address") ? 1 : table[1]);
            }
            puts("done");
            return 0;
        }
        """;

    private string folder = "";

    [OneTimeSetUp]
    public void Build()
    {
        Toolchain.Require("g++", "readelf");
        folder = Directory.CreateTempSubdirectory("gfxbake-stub-").FullName;
        Directory.CreateDirectory(At("stub"));
        File.WriteAllText(At("library.c"), Library);
        File.WriteAllText(At("versions"), Versions);
        File.WriteAllText(At("program.c"), Program);
        Toolchain.Run(
            "g++",
            "-x",
            "c",
            "-shared",
            "-fPIC",
            At("library.c"),
            "-o",
            At("libreal.so.1"),
            "-Wl,-soname,libreal.so.1",
            $"-Wl,--version-script={At("versions")}"
        );
        Toolchain.Run(
            "g++",
            "-x",
            "c",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-pthread",
            At("program.c"),
            "-x",
            "none",
            At("libreal.so.1"),
            "-o",
            At("program"),
            "-ldl",
            $"-Wl,-rpath,{At("stub")}"
        );
        File.WriteAllText(At("user.c"), User);
        Toolchain.Run(
            "g++",
            "-x",
            "c",
            "-shared",
            "-fPIC",
            At("user.c"),
            "-x",
            "none",
            At("libreal.so.1"),
            "-o",
            At("libuser.so"),
            $"-Wl,-rpath,{At("stub")}"
        );
        var imports = Symbols(At("program")).Imports.Where(i => i.Library == "libreal.so.1");
        var stub = new StubLibrary
        {
            SoName = "libreal.so.1",
            Functions = [.. imports.Select(i => new StubSymbol(i.Name, i.Version)), new("way", "LIB_1", IsDefault: false)],
            Data = [new("table", "LIB_2")],
            Why = "the test never calls it",
            Next = "call nothing",
        };
        File.WriteAllBytes(At("stub/libreal.so.1"), StubWriter.Write(stub));
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Program_that_calls_nothing_of_it_runs_also_when_all_is_bound_at_once()
    {
        Assert.That(Toolchain.Run(At("program")), Is.EqualTo("done\n"));
        Assert.That(Toolchain.Run("env", "LD_BIND_NOW=1", At("program")), Is.EqualTo("done\n"));
    }

    [TestCase("never", "never")]
    [TestCase("way", "way")]
    [TestCase("thread", "way")]
    [TestCase("handler", "never")]
    [TestCase("blocked", "never")]
    public void Call_says_so_and_ends_the_program(string how, string function)
    {
        var (status, output) = Toolchain.Try(At("program"), how);

        Assert.That(status, Is.EqualTo(128 + 6), "SIGABRT");
        Assert.That(
            output,
            Is.EqualTo(
                $"gfxbake: {function} of libreal.so.1 was called, but this image has a stand-in for that library: "
                    + "the test never calls it; next: call nothing\n"
            )
        );
    }

    [Test]
    public void Variable_has_an_address_and_nobody_reads_it()
    {
        Assert.That(Toolchain.Run(At("program"), "address", At("libuser.so")), Is.EqualTo("1\ndone\n"));
        var (status, output) = Toolchain.Try(At("program"), "read", At("libuser.so"));
        Assert.That((status, output), Is.EqualTo((128 + 11, "")), "SIGSEGV");
    }

    [Test]
    public void Loader_finds_functions_by_name_and_version() =>
        Assert.That(Toolchain.Run(At("program"), "names", At("stub/libreal.so.1")), Is.EqualTo("1 1 1 1\ndone\n"));

    [Test]
    public void Tools_read_it_without_a_complaint()
    {
        var text = Toolchain.Run("readelf", "--all", "--wide", "--use-dynamic", At("stub/libreal.so.1"));
        text += Toolchain.Run("readelf", "--all", "--wide", "--lint", At("stub/libreal.so.1"));

        Assert.That(text, Does.Contain("Library soname: [libreal.so.1]").And.Contain("way@LIB_1").And.Contain("way@@LIB_2"));
        Assert.That(text, Does.Contain("GNU_STACK").And.Contain("GNU_RELRO").And.Not.Contain("RWE"));
        Assert.That(text, Does.Not.Contain("Warning").And.Not.Contain("Error"));
    }

    [Test]
    public void Symbols_are_those_that_readelf_finds()
    {
        foreach (var file in new[] { At("program"), At("libreal.so.1"), "/bin/sh" })
        {
            var symbols = Symbols(file);
            var wanted = Toolchain
                .Run("readelf", "--dyn-syms", "--wide", file)
                .Split('\n')
                .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(w => w.Length >= 8 && w[0].EndsWith(':') && w[4] is "GLOBAL" or "WEAK")
                .Select(w => w[7]);
            var found = symbols
                .Imports.Select(i => i.Version is null ? i.Name : $"{i.Name}@{i.Version}")
                .Concat(symbols.Exports.Select(NameOf));
            Assert.That(found, Is.EquivalentTo(wanted), file);
        }
    }

    // A version is a symbol too, which readelf shows by its name alone.
    private static string NameOf(ExportedSymbol symbol) =>
        symbol.Name == symbol.Version ? symbol.Name : new StubSymbol(symbol.Name, symbol.Version, symbol.IsDefault).ToString();

    private string At(string name) => Path.Combine(folder, name);

    private static DynamicSymbols Symbols(string file)
    {
        using var stream = File.OpenRead(file);
        return DynamicSymbols.Read(stream, ElfFile.Read(stream));
    }
}
