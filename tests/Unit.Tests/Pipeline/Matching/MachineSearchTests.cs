using Gfxbake.Pipeline.Matching;

namespace Gfxbake.Unit.Tests.Pipeline.Matching;

public sealed class MachineSearchTests
{
    private MachineFolder machine = null!;

    [SetUp]
    public void Start() => machine = new MachineFolder();

    [TearDown]
    public void Stop() => machine.Dispose();

    [TestCase("A", "A", "runners/rocm_avx/libggml_rocm.so", "", "runners/rocm_avx,")]
    [TestCase("B", "B or D", "rocm/libggml-hip.so", "rocm", ",rocm")]
    [TestCase("C", "C", "libggml-hip.so", "rocm", ",rocm")]
    [TestCase("D", "B or D", "rocm/libggml-hip.so", "rocm", ",rocm")]
    [TestCase("E", "E", "rocm_v7_2/libggml-hip.so", "rocm_v7_2", ",rocm_v7_2")]
    [TestCase("F", "F", "rocm_v7_14/libggml-hip.so", "rocm_v7_14", ",rocm_v7_14")]
    public void Layout_is_told_by_its_files(string layout, string name, string library, string rocm, string search)
    {
        machine.Ollama(layout, "0.12.3-rc1");

        var ollama = machine.Findings.Ollamas.Single();

        Assert.That((ollama.Layout, ollama.Version, ollama.Program), Is.EqualTo((name, "0.12.3-rc1", "/usr/local/bin/ollama")));
        Assert.That(ollama.Selects, Is.EqualTo(layout is "E" or "F"));
        Assert.That(ollama.Problems, Is.Empty);
        var backend = ollama.Backends.Single();
        Assert.That(backend.Library, Is.EqualTo(Below(library)));
        Assert.That(backend.Rocm, Is.EqualTo(Below(rocm)));
        Assert.That(backend.Search, Is.EqualTo(search.Split(',').Select(Below)));

        string Below(string path) => path.Length == 0 ? ollama.Folder : $"{ollama.Folder}/{path}";
    }

    [Test]
    public void Of_several_folders_the_one_that_Ollama_prefers_comes_first()
    {
        machine.Ollama("E").File("/usr/local/lib/ollama/rocm_v7_14/libggml-hip.so");

        Assert.That(machine.Findings.Ollamas.Single().Backends.Select(b => b.Name), Is.EqualTo(new[] { "rocm_v7_2", "rocm_v7_14" }));
    }

    [Test]
    public void Backend_without_a_ROCm_of_its_own_says_so()
    {
        machine.File("/usr/lib/ollama/llama-server").File("/usr/lib/ollama/rocm_v7_2/libggml-hip.so").File("/usr/bin/ollama");

        Assert.That(machine.Findings.Ollamas.Single().Backends.Single().Rocm, Is.Null);
    }

    [Test]
    public void Version_across_two_chunks_is_found()
    {
        const int chunk = 1 << 20;
        machine.Ollama("D");
        machine.Text("/usr/local/bin/ollama", new string('\0', chunk - 20) + "-X=github.com/ollama/ollama/version.Version=0.33.3\" ");

        Assert.That(machine.Findings.Ollamas.Single().Version, Is.EqualTo("0.33.3"));
    }

    [TestCase("/usr/local/bin/ollama")]
    [TestCase("/usr/local/lib/ollama/rocm/libggml-hip.so")]
    public void Half_an_installation_says_what_is_missing(string missing)
    {
        machine.Ollama("D").Remove(missing);

        Assert.That(machine.Findings.Ollamas.Single().Problems, Has.Count.EqualTo(1).And.Some.Contain("/usr/local/lib/ollama"));
    }

    [Test]
    public void Empty_machine_has_nothing()
    {
        var found = machine.Findings;

        Assert.That(found.Ollamas, Is.Empty);
        Assert.That(found.Rocms, Is.Empty);
        Assert.That(found.Gpus, Is.Empty);
        Assert.That(found.Variables, Is.Empty);
    }

    [Test]
    public void Every_ROCm_is_found_once()
    {
        machine
            .File("/opt/rocm-7.2.1/lib/libamdhip64.so.7")
            .Text("/opt/rocm-7.2.1/.info/version", "7.2.1-43\n")
            .Link("/opt/rocm", "/opt/rocm-7.2.1")
            .File("/usr/lib/x86_64-linux-gnu/libamdhip64.so.6")
            .File("/opt/rocm-empty/lib/librocblas.so.5");

        Assert.That(
            machine.Findings.Rocms.Select(r => (r.Libraries, r.Version, string.Join(' ', r.Hip))),
            Is.EqualTo(
                new (string, string?, string)[]
                {
                    ("/opt/rocm-7.2.1/lib", "7.2.1", "libamdhip64.so.7"),
                    ("/usr/lib/x86_64-linux-gnu", null, "libamdhip64.so.6"),
                }
            )
        );
    }

    [Test]
    public void Folders_of_the_command_line_are_looked_into_wherever_they_lie()
    {
        using var beside = new MachineFolder().Ollama("D", at: "").File("/stage/usr/lib64/libamdhip64.so.7");
        var tree = new MachineTree(machine.Root, beside.Root, beside.Root + "/stage");

        var found = MachineSearch.Of(MachineFolder.Facts, tree, tree.PathOf(beside.Root), tree.PathOf(beside.Root + "/stage"));

        Assert.That(found.Ollamas.Single().Folder, Is.EqualTo(beside.Root + "/lib/ollama"));
        Assert.That(found.Rocms.Single().Libraries, Is.EqualTo(beside.Root + "/stage/usr/lib64"));
    }

    [Test]
    public void Gpus_are_those_of_the_kernel_without_its_processors()
    {
        machine.Gpu(0, 0).Gpu(1, 110501, "cwsr_size").Gpu(2, 90010);

        Assert.That(machine.Findings.Gpus.Select(g => g.Name), Is.EqualTo(new[] { "gfx1151", "gfx90a" }));
        Assert.That(machine.Findings.Gpus[0].Properties, Does.Contain("cwsr_size"));
    }

    [Test]
    public void Drop_ins_of_the_stronger_folder_hide_those_of_the_same_name_and_files_win()
    {
        machine
            .Text(
                "/usr/lib/systemd/system/ollama.service",
                "[Service]\nEnvironment=OLLAMA_LLM_LIBRARY=a HIP_VISIBLE_DEVICES=0\nExecStart=x\n"
            )
            .Text("/usr/lib/systemd/system/ollama.service.d/20-x.conf", "[Service]\nEnvironment=OLLAMA_LLM_LIBRARY=hidden\n")
            .Text(
                "/etc/systemd/system/ollama.service.d/20-x.conf",
                "[Unit]\nEnvironment=NO=1\n[Service]\n# no\nEnvironment='LD_LIBRARY_PATH=/a b'\n"
            )
            .Text("/etc/systemd/system/ollama.service.d/30-y.conf", "[Service]\nEnvironmentFile=-/etc/default/olla*\nEnvironment=OTHER=1\n")
            .Text("/etc/default/ollama", "HSA_OVERRIDE_GFX_VERSION_0=\"11.0.0\"\nHIP_VISIBLE_DEVICES=1 \n");

        Assert.That(
            machine.Findings.Variables.Select(v => $"{v.Name}={v.Value} {Path.GetFileName(v.From)}"),
            Is.EqualTo(
                new[]
                {
                    "HIP_VISIBLE_DEVICES=1 ollama",
                    "HSA_OVERRIDE_GFX_VERSION_0=11.0.0 ollama",
                    "LD_LIBRARY_PATH=/a b 20-x.conf",
                    "OLLAMA_LLM_LIBRARY=a ollama.service",
                }
            )
        );
    }

    [Test]
    public void No_link_leads_out_of_the_root()
    {
        using var outside = new MachineFolder().File("/libamdhip64.so.7");
        machine.Link("/usr/lib64", outside.Root).Link("/opt/rocm", "../../../../../.." + outside.Root);

        Assert.That(machine.Findings.Rocms, Is.Empty);
    }
}
