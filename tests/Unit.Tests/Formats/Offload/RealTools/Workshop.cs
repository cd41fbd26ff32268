namespace Gfxbake.Unit.Tests.Formats.Offload.RealTools;

/// <summary>A folder with the compiled fixture; everything is compiled once and linked many times.</summary>
[SetUpFixture]
public sealed class Workshop
{
    private static readonly string[] Compile = ["-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-c"];
    private static string folder = "";

    [OneTimeSetUp]
    public void Build()
    {
        Toolchain.Require("g++", "ld.bfd", "ld.gold", "ld.lld", "readelf", "strip", "objcopy", "llvm-objcopy", "ldd");
        folder = Directory.CreateTempSubdirectory("gfxbake-offload-").FullName;
        BundleFiles.Write(folder);
        Object("library.o", "code.cpp", "-fPIC", $"-Wa,-I{folder}");
        Object("code.pie.o", "code.cpp", "-fPIE", $"-Wa,-I{folder}");
        Object("code.fixed.o", "code.cpp", "-fno-pie", $"-Wa,-I{folder}");
        Object("host.o", "host.cpp", "-fPIE");
        Object("host.pie.o", "host.cpp", "-fPIE", "-DLINKED");
        Object("host.fixed.o", "host.cpp", "-fno-pie", "-DLINKED");
        Toolchain.Run("g++", "-pie", "-pthread", At("host.o"), "-o", At("host"), "-ldl");
    }

    [OneTimeTearDown]
    public void Delete()
    {
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
    }

    public static string At(string name) => Path.Combine(folder, name);

    public static void Link(Linked how, string output)
    {
        var code = how.Arguments.Intersect(["-no-pie", "-static"]).Any() ? "fixed" : "pie";
        var objects = how.IsProgram ? [At($"host.{code}.o"), At($"code.{code}.o")] : new[] { At("library.o") };
        Toolchain.Run("g++", [.. how.Arguments, "-pthread", .. objects, "-o", output, "-ldl"]);
    }

    /// <summary>What the linked code prints, when it is a program or loaded by one.</summary>
    public static string[] Lines(Linked how, string file)
    {
        var output = how.IsProgram ? Toolchain.Run(file) : Toolchain.Run(At("host"), file);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static void Object(string output, string source, params string[] arguments) =>
        Toolchain.Run("g++", [.. Compile, .. arguments, Path.Combine(Fixtures(), source), "-o", At(output)]);

    private static string Fixtures() => Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "offload");
}
