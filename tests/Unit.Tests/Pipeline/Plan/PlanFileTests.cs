using System.Runtime.CompilerServices;
using System.Text;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Unit.Tests.Formats.Elf;
using Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

namespace Gfxbake.Unit.Tests.Pipeline.Plan;

public sealed class PlanFileTests
{
    [Test]
    public void Plan_json_is_as_agreed()
    {
        using var image = Example();

        AssertGolden(Json(image.Plan), "plan.json");
    }

    [Test]
    public void Plan_md_is_as_agreed()
    {
        using var image = Example();
        using var text = new StringWriter();
        PlanMarkdown.Write(image.Plan, text);

        AssertGolden(text.ToString(), "plan.md");
    }

    [Test]
    public void Plan_that_was_written_is_read_back()
    {
        using var image = Example();

        var read = PrunePlanReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(Json(image.Plan))));

        Assert.That(read, Is.EqualTo(image.Plan).UsingPropertiesComparer());
    }

    [Test]
    public void Empty_plan_is_read_back()
    {
        var plan = new PrunePlan { CodeTargets = [], Entries = [] };

        Assert.That(PrunePlanReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(Json(plan)))), Is.EqualTo(plan).UsingPropertiesComparer());
    }

    [Test]
    public void Strange_names_stay_on_their_line()
    {
        var entry = new PlanEntry
        {
            Path = "/a b\n\"|`\u00e9",
            Kind = EntryKind.File,
            Size = 1,
            Action = PlanAction.Keep,
            Causes = [new Cause(Reason.NeededBy, "/x y\nz")],
        };
        var plan = new PrunePlan { CodeTargets = [], Entries = [entry] };

        Assert.That(
            Json(plan).Split('\n'),
            Has.One.EqualTo("""{"path":"/a b\n\"|`é","size":1,"action":"Keep","causes":["NeededBy /x y\nz"]}""")
        );
        Assert.That(PrunePlanReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(Json(plan)))), Is.EqualTo(plan).UsingPropertiesComparer());
        using var text = new StringWriter();
        PlanMarkdown.Write(plan, text);
        Assert.That(
            text.ToString(),
            Does.Contain("""| 1 B | needed by y\x0az | `/a b\x0a"\|\x60é` |""").Or.Contain("""needed by x y\x0az | `/a b\x0a"\|\x60é` |""")
        );
    }

    [TestCase("", 1)]
    [TestCase("{\n\"format\":2}", 0)]
    [TestCase("[]", 1)]
    [TestCase("null", 1)]
    [TestCase("ENTRY{\"path\":\"/a\",\"action\":\"Keep\"}", 8)]
    [TestCase("ENTRY{\"path\":\"/a\",\"action\":\"Eat\",\"causes\":[\"Traced\"]}", 8)]
    [TestCase("ENTRY{\"path\":\"/a\",\"action\":\"Keep\",\"causes\":[\"Whim\"]}", 0)]
    [TestCase("ENTRY{\"path\":\"/a\",\"action\":\"Keep\",\"causes\":[\"3\"]}", 0)]
    [TestCase("ENTRY{\"path\":\"/a\",\"action\":\"Keep\",\"causes\":[null]}", 0)]
    [TestCase("ENTRY{\"path\":\"/a\",\"action\":\"Keep\",\"causes\":[]}", 0)]
    [TestCase("ENTRYnull", 0)]
    [TestCase(
        "ENTRY{\"path\":\"/b\",\"action\":\"Drop\",\"causes\":[\"Unreferenced\"]},"
            + "{\"path\":\"/a\",\"action\":\"Drop\",\"causes\":[\"Unreferenced\"]}",
        0
    )]
    public void Other_text_is_no_plan(string text, int line)
    {
        var json = !text.StartsWith("ENTRY", StringComparison.Ordinal)
            ? text
            : Json(new PrunePlan { CodeTargets = [], Entries = [] })
                .Replace("\"entries\":[", "\"entries\":[\n" + text["ENTRY".Length..], StringComparison.Ordinal);

        var error = Assert.Throws<PlanFormatException>(() => PrunePlanReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(json))));
        Assert.That(error!.Message, Does.Contain("run PlanPrune again"));
        Assert.That(line == 0 || error.Line > 0, Is.True);
    }

    internal static PlannedImage Example()
    {
        var image = new PlannedImage();
        image
            .Image.Link("/lib", "usr/lib")
            .Directory("/proc")
            .Directory("/root")
            .File("/usr/bin/llama-bench", new ElfBuilder { Needed = ["libllama.so.0"], Interpreter = "/lib/ld.so" }, executable: true)
            .File("/usr/bin/perl", new byte[4000])
            .File("/usr/lib/ld.so", new ElfBuilder())
            .Link("/usr/lib/libllama.so.0", "libllama.so.0.7")
            .File(
                "/usr/lib/libllama.so.0.7",
                new ElfBuilder { Needed = ["librocblas.so.4"], ReadOnlyData = "\0libamd_comgr.so.3\0"u8.ToArray() }
            )
            .File("/usr/lib/libamd_comgr.so.3", new ElfBuilder { Needed = ["libLLVM.so.21.1", "libgone.so.1"] })
            .File("/usr/lib/libLLVM.so.21.1", new ElfBuilder { FatBinary = new byte[1_500_000] })
            .File("/usr/lib/librocblas.so.4", new ElfBuilder())
            .Text("/usr/lib/rocblas/library/T_fallback.dat", "table")
            .Text("/usr/lib/rocblas/library/T_gfx1030.co", "other")
            .Text("/usr/lib/rocblas/library/T_gfx1100.co", "wanted")
            .Text("/usr/share/libdrm/amdgpu.ids", "ids")
            .Text("/models/tiny.gguf", "model")
            .Text("/usr/share/doc/llama/copyright", "See /usr/share/common-licenses/MIT-like.")
            .Text("/usr/share/common-licenses/MIT-like", "You may.")
            .Text("/var/lib/dpkg/info/llama.list", "/usr/bin/llama-bench\n/usr/share/doc/llama/copyright\n");
        return image
            .Trace("/usr/bin/llama-bench", Gfxbake.Formats.Strace.AccessOutcome.Found, "bench-cpu", "bench-gpu")
            .Trace("/root/.cache/comgr/x")
            .Keep("/usr/share/libdrm/amdgpu.ids")
            .Kernels("librocblas.so.*", "/usr/lib/rocblas/library/*")
            .Mount("/models");
    }

    private static string Json(PrunePlan plan)
    {
        using var output = new MemoryStream();
        PrunePlanWriter.Write(plan, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static void AssertGolden(string actual, string name, [CallerFilePath] string source = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(source)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.That(actual, Is.EqualTo(File.ReadAllText(path)));
    }
}
