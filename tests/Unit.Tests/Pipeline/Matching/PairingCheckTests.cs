using Gfxbake.Pipeline.Matching;
using Gfxbake.Recipes.Reading;
using Gfxbake.Unit.Tests.Formats.Elf;
using Gfxbake.Unit.Tests.Formats.Tensile;

namespace Gfxbake.Unit.Tests.Pipeline.Matching;

public sealed class PairingCheckTests
{
    private const string Ollama = "/usr/local/lib/ollama";
    private const string Bundle = Ollama + "/rocm";
    private const string Rocm = "/opt/rocm-7.2.1/lib";

    private MachineFolder machine = null!;

    [SetUp]
    public void Start()
    {
        machine = new MachineFolder().Ollama("D");
        Backend("libhipblas.so.2", "libamdhip64.so.6");
        Libraries(Bundle, hip: 6, hipblas: 2, rocblas: 4);
        Tables(Bundle + "/rocblas/library", "gfx1100");
    }

    [TearDown]
    public void Stop() => machine.Dispose();

    [Test]
    public void Bundle_that_is_whole_loads_and_is_left_as_it_is()
    {
        machine.Gpu(1, 110000);
        var report = Report();

        Assert.That(Bundled(report).Verdict, Is.EqualTo(PairingVerdict.Loads), Bundled(report).Sentence);
        Assert.That(Bundled(report).Sentence, Is.EqualTo("loads, and has kernels for gfx1100"));
        Assert.That((report.Decision.Recommended, report.Decision.NothingToDo), Is.EqualTo(("bundled", true)));
    }

    [Test]
    public void System_with_other_numbers_cannot_load()
    {
        Libraries(Rocm, hip: 7, hipblas: 3, rocblas: 5);

        var system = Report().Pairings.Single(p => p.Kind == PairingCheck.System);

        Assert.That(system.Verdict, Is.EqualTo(PairingVerdict.CannotLoad));
        Assert.That(system.Sentence, Is.EqualTo("cannot load: needs libhipblas.so.2, system has libhipblas.so.3"));
        Assert.That((system.IsRefuted, system.IsOtherRocm), Is.EqualTo((true, true)));
    }

    [Test]
    public void Old_name_for_another_library_is_refuted_although_it_loads()
    {
        Libraries(Rocm, hip: 7, hipblas: 3, rocblas: 5);
        machine.Link(Rocm + "/libhipblas.so.2", "libhipblas.so.3").Link(Rocm + "/libamdhip64.so.6", "libamdhip64.so.7");

        var system = Report().Pairings.Single(p => p.Kind == PairingCheck.System);

        Assert.That(system.Verdict, Is.EqualTo(PairingVerdict.Mismatched));
        Assert.That(system.Sentence, Does.Contain("libhipblas.so.2 and is libhipblas.so.3"));
    }

    [Test]
    public void Libraries_of_one_unit_from_two_ROCms_are_refuted()
    {
        machine.Remove(Bundle + "/librocblas.so.4");
        Libraries("/usr/lib/x86_64-linux-gnu", hip: 6, hipblas: 2, rocblas: 4);

        Assert.That(Bundled(Report()).Verdict, Is.EqualTo(PairingVerdict.Mismatched));
        Assert.That(Bundled(Report()).Sentence, Does.Contain("only belong together"));
    }

    [TestCase("TensileLibrary_HH_fallback.dat", "SIGSEGV")]
    [TestCase("TensileLibrary_HH_fallback_gfx1100.hsaco", "fail")]
    public void Table_that_names_a_missing_file_fails_later(string missing, string why)
    {
        machine.Gpu(1, 110000).Remove($"{Bundle}/rocblas/library/{missing}");

        Assert.That(Bundled(Report()).Verdict, Is.EqualTo(PairingVerdict.Fails));
        Assert.That(Bundled(Report()).Sentence, Does.Contain(missing).And.Contain(why));
    }

    [Test]
    public void Gpu_without_kernels_gets_the_override_that_would_do()
    {
        machine.Gpu(1, 110003);
        var report = Report();

        Assert.That(
            Bundled(report).Sentence,
            Is.EqualTo("loads, no kernels for gfx1103; with HSA_OVERRIDE_GFX_VERSION=11.0.0 it has gfx1100's")
        );
        Assert.That(Bundled(report).IsRefuted, Is.False);
        Assert.That(report.Decision.Recommended, Is.EqualTo("bundled"));
    }

    [Test]
    public void Override_in_force_counts()
    {
        machine
            .Gpu(1, 110003)
            .Text("/etc/systemd/system/ollama.service.d/o.conf", "[Service]\nEnvironment=HSA_OVERRIDE_GFX_VERSION=11.0.0\n");

        Assert.That(Bundled(Report()).Verdict, Is.EqualTo(PairingVerdict.Loads), Bundled(Report()).Sentence);
    }

    [TestCase("rocm_v7_2", "bundled")]
    [TestCase("rocm_v7_14", "vulkan")]
    public void Folder_that_the_service_names_is_the_one_that_is_judged(string named, string recommended)
    {
        using var two = new MachineFolder().Ollama("E").File(Ollama + "/vulkan/libggml-vulkan.so");
        two.File(Ollama + "/rocm_v7_2/libggml-hip.so", new ElfBuilder { SoName = "libggml-hip.so" });
        two.File(Ollama + "/rocm_v7_14/libggml-hip.so", new ElfBuilder { Needed = ["libnowhere.so.1"] });
        two.Text("/etc/systemd/system/ollama.service.d/x.conf", $"[Service]\nEnvironment=OLLAMA_LLM_LIBRARY={named}\n");

        Assert.That(Report(two).Decision.Recommended, Is.EqualTo(recommended));
    }

    [Test]
    public void Gpu_of_another_kind_gets_no_override_and_Vulkan_is_recommended()
    {
        machine.Gpu(1, 120001).File(Ollama + "/vulkan/libggml-vulkan.so");
        var report = Report();

        Assert.That(Bundled(report).Sentence, Is.EqualTo("loads, no kernels for gfx1201"));
        Assert.That(report.Decision.Recommended, Is.EqualTo("vulkan"));
    }

    [Test]
    public void Kernel_that_refuses_this_ROCr_fails_later()
    {
        machine.Gpu(1, 110501, "cwsr_size").Library(Bundle + "/libhsa-runtime64.so.1", "libhsa-runtime64.so.1");
        machine.File(Bundle + "/libamdhip64.so.6", new ElfBuilder { SoName = "libamdhip64.so.6", Needed = ["libhsa-runtime64.so.1"] });

        Assert.That(Bundled(Report()).Sentence, Does.StartWith("loads, and fails later: ").And.Contain("cwsr_size"));
    }

    [Test]
    public void Missing_comgr_fails_later()
    {
        var hip = new ElfBuilder { SoName = "libamdhip64.so.6", ReadOnlyData = [0, .. "libamd_comgr.so.3"u8, 0] };
        machine.File(Bundle + "/libamdhip64.so.6", hip);

        Assert.That(Bundled(Report()).Sentence, Does.Contain("HIP can't load libamd_comgr.so.3"));
    }

    [Test]
    public void Nothing_is_possible_when_nothing_loads()
    {
        machine.Remove(Bundle + "/libamdhip64.so.6");
        var report = Report();

        Assert.That(report.Decision.Recommended, Is.Null);
        Assert.That(report.Decision.Options.Where(o => o.IsPossible), Is.Empty);
    }

    [Test]
    public void Machine_without_Ollama_says_where_it_looked()
    {
        using var empty = new MachineFolder();

        Assert.That(
            () => Report(empty),
            Throws.TypeOf<MatchException>().With.Message.Contains("/usr/lib/ollama").And.Message.Contains("--ollama=")
        );
    }

    [Test]
    public void Folder_without_ROCm_says_what_it_lacks() =>
        Assert.That(() => Report(machine, "/opt"), Throws.TypeOf<MatchException>().With.Message.Contains("libamdhip64.so.*"));

    [Test]
    public void Report_is_written_without_what_a_terminal_or_a_browser_could_take_for_its_own()
    {
        machine
            .Library(Bundle + "/<b>\u001b[31m|.so", "x")
            .File(Bundle + "/libggml-hip.so", new ElfBuilder { Needed = ["<b>\u001b[31m|.so.9"] });
        var report = Report();

        Assert.That(string.Join('\n', MatchText.Lines(report)), Does.Not.Contain("\u001b"));
        Assert.That(MatchText.Lines(report), Has.All.Length.LessThanOrEqualTo(80).Or.All.Not.Contain(' '));
        Assert.That(MatchPage.Of(report), Does.Not.Contain("<b>").And.Not.Contain("\u001b"));
        Assert.That(MatchMarkdown.Of(report), Does.Not.Contain("<b>").Or.Contain("\\<b\\>"));
    }

    [TestCase("gfx1103", "11.0.3")]
    [TestCase("gfx90a", "9.0.10")]
    [TestCase("gfx906", "9.0.6")]
    [TestCase("gfx11-generic", null)]
    public void Override_is_three_decimal_numbers(string gpu, string? expected) =>
        Assert.That(KernelCheck.VersionOf(gpu), Is.EqualTo(expected));

    private static Pairing Bundled(MatchReport report) => report.Pairings.Single(p => p.Kind == PairingCheck.Bundled);

    private MatchReport Report() => Report(machine);

    private static MatchReport Report(MachineFolder on, string? rocm = null)
    {
        var hosts = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).Hosts;
        return MatchReport.Of(MachineFolder.Facts, hosts, on.Tree, rocm: rocm);
    }

    private void Backend(params string[] needed) => machine.File(Bundle + "/libggml-hip.so", new ElfBuilder { Needed = needed });

    private void Libraries(string folder, int hip, int hipblas, int rocblas)
    {
        var (hipName, blasName) = ($"libamdhip64.so.{hip}", $"librocblas.so.{rocblas}");
        machine.File($"{folder}/{hipName}", new ElfBuilder { SoName = hipName });
        machine.File($"{folder}/{blasName}", new ElfBuilder { SoName = blasName, Needed = [hipName] });
        machine.File($"{folder}/libhipblas.so.{hipblas}", new ElfBuilder { SoName = $"libhipblas.so.{hipblas}", Needed = [blasName] });
    }

    private void Tables(string folder, string gpu) =>
        machine
            .File($"{folder}/TensileLibrary_lazy_{gpu}.dat", TableBuilder.Lazy("TensileLibrary_HH_fallback"))
            .File($"{folder}/TensileLibrary_HH_fallback.dat", TableBuilder.Kernels(true))
            .File($"{folder}/TensileLibrary_HH_fallback_{gpu}.hsaco");
}
