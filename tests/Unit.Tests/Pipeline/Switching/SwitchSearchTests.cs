using Gfxbake.Pipeline.Matching;
using Gfxbake.Pipeline.Switching;
using Gfxbake.Unit.Tests.Formats.Elf;
using Gfxbake.Unit.Tests.Pipeline.Matching;

namespace Gfxbake.Unit.Tests.Pipeline.Switching;

[TestFixture]
internal sealed class SwitchSearchTests
{
    private const string Reads = "\0OLLAMA_LLM_LIBRARY\0";
    private const string Chooses = "\0skipping available library at users request\0";

    private MachineFolder machine = null!;

    [SetUp]
    public void Start() => machine = new MachineFolder();

    [TearDown]
    public void Stop() => machine.Dispose();

    [TestCase("A", Reads, SwitchWay.Runner)]
    [TestCase("B", Reads, SwitchWay.Mount)]
    [TestCase("C", Reads, SwitchWay.Mount)]
    [TestCase("D", Reads + Chooses, SwitchWay.Sibling)]
    [TestCase("E", Reads, SwitchWay.Sibling)]
    [TestCase("F", Reads, SwitchWay.Sibling)]
    public void Way_is_told_by_the_layout_and_by_what_the_program_says(string layout, string program, SwitchWay way)
    {
        machine.Ollama(layout).Text("/usr/local/bin/ollama", program);

        var subject = Search.Of(Ollama);

        Assert.That((subject.Way, subject.DropIns), Is.EqualTo((way, (string?)null)));
        Assert.That(subject.Reads, Does.Contain("OLLAMA_LLM_LIBRARY"));
        Assert.That(subject.Bundle.Keys, Has.Some.StartsWith("libamdhip64.so."));
    }

    [Test]
    public void Text_over_the_edge_of_two_reads_is_found()
    {
        machine.Ollama("E").Text("/usr/local/bin/ollama", new string('x', (1 << 20) - 5) + "OLLAMA_LLM_LIBRARY" + new string('y', 99));

        Assert.That(Search.Of(Ollama).Reads, Is.EqualTo(new[] { "OLLAMA_LLM_LIBRARY" }));
    }

    [Test]
    public void Unit_gets_settings_and_none_without_a_unit()
    {
        machine.Ollama("E").Text("/usr/lib/systemd/system/ollama.service", "[Service]\n").Text("/etc/systemd/system/x", "");

        var subject = Search.Of(Ollama);

        Assert.That((subject.DropIns, subject.HasDropIns), Is.EqualTo(("/etc/systemd/system/ollama.service.d", false)));
    }

    [Test]
    public void What_the_backend_needs_is_linked_and_what_every_program_needs_is_not()
    {
        const string rocm = "/opt/rocm-7.2.4/lib/";
        machine
            .Ollama("E")
            .File("/usr/local/lib/ollama/libggml-base.so.0", new ElfBuilder { Needed = ["libc.so.6"] })
            .File(
                "/usr/local/lib/ollama/rocm_v7_2/libggml-hip.so",
                new ElfBuilder { Needed = ["libhipblas.so.3", "libc.so.6", "libggml-base.so.0"] }
            )
            .File(rocm + "libhipblas.so.3", new ElfBuilder { Needed = ["librocblas.so.5", "libamdhip64.so.7"] })
            .File(rocm + "librocblas.so.5", new ElfBuilder { Needed = ["libamdhip64.so.7", "libgone.so.1"] })
            .File(rocm + "libamdhip64.so.7", new ElfBuilder { ReadOnlyData = "\0libamd_comgr.so.3\0"u8.ToArray() })
            .File(rocm + "libamd_comgr.so.3", new ElfBuilder())
            .File(rocm + "libc.so.6", new ElfBuilder())
            .File(rocm + "libMIOpen.so.1", new ElfBuilder())
            .Text(rocm + "rocblas/library/x.dat", "");

        var found = Search.Of("system", "/opt/rocm-7.2.4/lib", Search.Of(Ollama));

        Assert.That(
            found.Libraries.Keys,
            Is.EqualTo(new[] { "libamd_comgr.so.3", "libamdhip64.so.7", "libhipblas.so.3", "librocblas.so.5" })
        );
        Assert.That(found.Tables, Is.EqualTo(new Dictionary<string, string> { ["rocblas"] = rocm + "rocblas" }));
    }

    [Test]
    public void Broken_library_is_named()
    {
        machine.Ollama("E").File("/usr/local/lib/ollama/rocm_v7_2/libggml-hip.so", [0x7f, 0x45, 0x4c, 0x46, 2, 1]);

        Assert.That(
            () => Search.Of("system", "/opt", Search.Of(Ollama)),
            Throws.TypeOf<SwitchException>().With.Message.StartsWith("/usr/local/lib/ollama/rocm_v7_2/libggml-hip.so is broken")
        );
    }

    private SwitchSearch Search => new(MachineFolder.Facts, machine.Tree);

    private OllamaInstallation Ollama => machine.Findings.Ollamas.Single();
}
