using Gfxbake.Formats.Elf;
using Gfxbake.Unit.Tests.Formats.Offload.RealTools;

namespace Gfxbake.Unit.Tests.Formats.Elf;

/// <summary>Calls in libraries that a real compiler made.</summary>
[Category(Needs.Compiler)]
public sealed class ImportCallsTests
{
    private const string Declaration = "int gemm(int, int, int, int, int, int, const void *, const void *, int type, long, int other);\n";

    private string folder = "";

    [OneTimeSetUp]
    public void Start()
    {
        Toolchain.Require("gcc");
        folder = Directory.CreateTempSubdirectory("gfxbake-calls-").FullName;
    }

    [OneTimeTearDown]
    public void Delete()
    {
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
    }

    [TestCase("-O2")]
    [TestCase("-O0")]
    [TestCase("-O2", "-fno-plt")]
    [TestCase("-O2", "-fcf-protection=full", "-Wl,-z,ibtplt")]
    [TestCase("-Os")]
    public void Numbers_on_the_stack_are_read(params string[] flags)
    {
        const string body = """
            int one(int a, const void *p) { return gemm(a, 2, 3, 4, 5, 6, p, p, 150, a, 168) + 1; }
            int two(int a, const void *p) { return gemm(a, 2, 3, 4, 5, 6, p, p, 151, 7, 151) + 2; }
            """;

        var (calls, unclear) = Read(body, flags);

        Assert.That(unclear, Is.Empty);
        Assert.That(calls.Select(c => c.Function), Is.EqualTo(new[] { "gemm", "gemm" }));
        // The ninth and the eleventh argument: the seventh is the first on the stack.
        Assert.That(calls.Select(c => c.StackArguments[2]), Is.EqualTo(new long?[] { 150, 151 }));
        Assert.That(calls.Select(c => c.StackArguments[4]), Is.EqualTo(new long?[] { 168, 151 }));
    }

    [Test]
    public void Type_that_is_no_number_is_unknown()
    {
        var (calls, _) = Read("int one(int type, const void *p) { return gemm(1, 2, 3, 4, 5, 6, p, p, type, 0, 168) + 1; }", "-O2");

        Assert.That(calls.Single().StackArguments[2], Is.Null);
    }

    // The compiler makes one call of two, and what was pushed before they meet depends on the way.
    [Test]
    public void What_two_ways_push_is_unknown()
    {
        const string body = """
            int one(int way, const void *p, const void *q)
            {
                if (way) return gemm(1, 2, 3, 4, 5, 6, p, q, 150, 7, 168) + 1;
                return gemm(1, 2, 3, 4, 5, 6, p, q, 151, 7, 150) + 1;
            }
            """;

        var (calls, _) = Read(body, "-O2");

        var seen = calls.Select(c => c.StackArguments.ElementAtOrDefault(2)).ToList();
        Assert.That(calls.Count == 1 ? seen : [null], Is.All.Null.Or.EqualTo(150), "one call of two must not say one type");
        if (calls.Count > 1)
            Assert.That(seen.Order(), Is.EqualTo(new long?[] { 150, 151 }));
    }

    [TestCase("int (*one(void))(int, int, int, int, int, int, const void *, const void *, int, long, int) { return gemm; }")]
    [TestCase("void *table[] = { (void *)gemm };")]
    public void Address_that_is_taken_is_told(string body)
    {
        var (_, unclear) = Read(body, "-O2");

        Assert.That(unclear, Has.One.Contains("gemm"));
    }

    [Test]
    public void Call_at_the_end_of_a_function_is_told()
    {
        const string body =
            "int one(int a, int b, int c, int d, int e, int f, const void *p, const void *q, int t, long l, int o)"
            + " { return gemm(a, b, c, d, e, f, p, q, t, l, o); }";

        var (calls, unclear) = Read(body, "-O2");

        Assert.That(calls, Is.Empty);
        Assert.That(unclear, Has.One.StartsWith("gemm is used without a call"));
    }

    [Test]
    public void Other_functions_are_left_alone()
    {
        var (calls, unclear) = Read("int one(const void *p) { return gemm(1, 2, 3, 4, 5, 6, p, p, 150, 0, 168) + 1; }", ["-O2"], "other");

        Assert.That((calls.Count, unclear.Count), Is.EqualTo((0, 0)));
    }

    private (IReadOnlyList<ImportCall> Calls, IReadOnlyList<string> Unclear) Read(string body, params string[] flags) =>
        Read(body, flags, "gemm");

    private (IReadOnlyList<ImportCall> Calls, IReadOnlyList<string> Unclear) Read(string body, string[] flags, string wanted)
    {
        var (source, library) = (Path.Combine(folder, $"{Guid.NewGuid():n}.c"), Path.Combine(folder, $"{Guid.NewGuid():n}.so"));
        File.WriteAllText(source, Declaration + body);
        Toolchain.Run("gcc", [.. flags, "-shared", "-fPIC", source, "-o", library]);
        using var stream = File.OpenRead(library);
        var unclear = new List<string>();
        return (ImportCalls.Read(stream, ElfFile.Read(stream), n => n == wanted, unclear), unclear);
    }
}
