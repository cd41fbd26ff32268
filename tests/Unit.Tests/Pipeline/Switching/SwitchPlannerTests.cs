using Gfxbake.Pipeline.Switching;

namespace Gfxbake.Unit.Tests.Pipeline.Switching;

[TestFixture]
internal sealed class SwitchPlannerTests
{
    private const string Head = "# Written by gfxbake, RocmSwitch --to=system; RocmRollback removes it.\n[Service]\n";

    [TestCase("D", "../rocm/libggml-hip.so")]
    [TestCase("E", "../rocm_v7_2/libggml-hip.so")]
    [TestCase("F", "../rocm_v7_14/libggml-hip.so")]
    public void Folder_beside_the_bundle_holds_links_to_its_backend_and_to_the_other_rocm(string layout, string backend)
    {
        using var tree = new SwitchTree(layout);

        var plan = tree.Plan();

        var links = plan.Changes.Where(c => c.Kind == SwitchChangeKind.Link).ToDictionary(c => c.Path.Split('/')[^1], c => c.Target);
        Assert.That(links["libggml-hip.so"], Is.EqualTo(backend));
        Assert.That(links["libamdhip64.so.7"], Is.EqualTo("/opt/rocm-7.2.4/lib/libamdhip64.so.7"));
        Assert.That(links["rocblas"], Is.EqualTo("/opt/rocm-7.2.4/lib/rocblas"));
        Assert.That(plan.Changes.Select(c => c.Path).Where(p => p.StartsWith("/usr")), Has.All.StartsWith("/usr/lib/ollama/rocm_system"));
        Assert.That(plan.Changes[^1].Text, Is.EqualTo(Head + "Environment=OLLAMA_LLM_LIBRARY=rocm_system\n"));
        Assert.That(plan.Proof, Is.EqualTo("/opt/rocm-7.2.4/lib/libamdhip64.so.7"));
    }

    [Test]
    public void Runner_of_an_old_ollama_puts_the_other_rocm_first()
    {
        using var tree = new SwitchTree("A");

        var script = tree.Plan().Changes.Single(c => c.Path == "/usr/lib/ollama/runners/rocm_system/ollama_llama_server");

        Assert.That(
            script.Text,
            Is.EqualTo(
                """
                #!/bin/sh
                # Written by gfxbake RocmSwitch; RocmRollback removes it.
                LD_LIBRARY_PATH="/usr/lib/ollama/runners/rocm_system/lib:/usr/lib/ollama/runners/rocm_avx:$LD_LIBRARY_PATH"
                export LD_LIBRARY_PATH
                exec "/usr/lib/ollama/runners/rocm_avx/ollama_llama_server" "$@"

                """
            )
        );
        Assert.That(script.Mode, Is.EqualTo("755"));
    }

    [TestCase("B")]
    [TestCase("C")]
    public void Ollama_that_takes_its_own_rocm_first_gets_the_other_mounted_over_it(string layout)
    {
        using var tree = new SwitchTree(layout);

        var text = tree.Plan().Changes[^1].Text;

        Assert.That(text, Does.StartWith(Head + "Environment=LD_LIBRARY_PATH=/opt/rocm-7.2.4/lib\n"));
        Assert.That(
            text,
            Does.Contain("BindReadOnlyPaths=/opt/rocm-7.2.4/lib/libhipblas.so.3:/usr/lib/ollama/rocm/libhipblas.so.3.1.2\n")
                .And.Contain("BindReadOnlyPaths=/opt/rocm-7.2.4/lib/rocblas:/usr/lib/ollama/rocm/rocblas\n")
        );
        Assert.That(
            () => SwitchPlanner.ToRocm("system", tree.Ollama with { DropIns = null }, SwitchTree.Rocm),
            Throws.TypeOf<SwitchException>().With.Message.Contains("no ollama.service is there")
        );
    }

    [Test]
    public void Rocm_without_the_runtime_that_the_backend_needs_is_refused()
    {
        using var tree = new SwitchTree("E");
        var rocm = SwitchTree.Rocm with { Libraries = new Dictionary<string, string> { ["libhipblas.so.3"] = "/x/libhipblas.so.3" } };

        Assert.That(
            () => SwitchPlanner.ToRocm("system", tree.Ollama, rocm),
            Throws.TypeOf<SwitchException>().With.Message.Contains("has no libamdhip64.so, or not the one that")
        );
        Assert.That(
            () => SwitchPlanner.ToRocm("system", tree.Ollama with { Hip = null }, rocm),
            Throws.TypeOf<SwitchException>().With.Message.Contains("no library for AMD's GPUs")
        );
    }

    [Test]
    public void Vulkan_and_the_bundle_are_chosen_by_variables_alone()
    {
        using var tree = new SwitchTree("E", withDropIns: true);
        var older = tree.Ollama with { Reads = ["OLLAMA_LLM_LIBRARY", "OLLAMA_VULKAN"] };

        Assert.That(
            SwitchPlanner.ToVulkan(tree.Ollama).Environment,
            Is.EqualTo(new Dictionary<string, string> { ["OLLAMA_LLM_LIBRARY"] = "vulkan" })
        );
        Assert.That(SwitchPlanner.ToVulkan(older).Environment, Contains.Key("OLLAMA_VULKAN"));
        Assert.That(SwitchPlanner.ToBundled(tree.Ollama).Environment["OLLAMA_LLM_LIBRARY"], Is.EqualTo("rocm_v7_2"));
        Assert.That(SwitchPlanner.ToBundled(tree.Ollama).Changes, Has.Count.EqualTo(1));
    }

    [Test]
    public void Variable_that_this_ollama_does_not_read_is_never_set()
    {
        using var tree = new SwitchTree("E");

        Assert.That(
            () => SwitchPlanner.ToRocm("system", tree.Ollama with { Reads = [] }, SwitchTree.Rocm),
            Throws
                .TypeOf<SwitchException>()
                .With.Message.EqualTo("/usr/bin/ollama does not read OLLAMA_LLM_LIBRARY: there is no way to choose a library")
        );
    }

    [TestCase("A")]
    [TestCase("B")]
    public void Old_ollama_has_no_vulkan_and_needs_no_word_for_its_bundle(string layout)
    {
        using var tree = new SwitchTree(layout);

        Assert.That(() => SwitchPlanner.ToVulkan(tree.Ollama), Throws.TypeOf<SwitchException>());
        Assert.That(() => SwitchPlanner.ToBundled(tree.Ollama), Throws.TypeOf<SwitchException>().With.Message.Contains("by itself"));
    }

    [Test]
    public void Path_that_a_unit_would_read_otherwise_is_refused()
    {
        using var tree = new SwitchTree("B");
        var rocm = SwitchTree.Rocm with { Folder = "/opt/ro cm\n[Service]" };

        Assert.That(
            () => SwitchPlanner.ToRocm("system", tree.Ollama, rocm),
            Throws
                .TypeOf<SwitchException>()
                .With.Message.EqualTo(@"'/opt/ro cm\x0a[Service]' has characters that a unit or a script can't hold")
        );
    }

    [TestCase("/opt/rocm-7.2.4/lib", "7.2.4")]
    [TestCase("/opt/rocm/lib64", "other")]
    [TestCase("/srv/My ROCm", "my-rocm")]
    [TestCase("/usr/lib/x86_64-linux-gnu", "x86-64-linux-gnu")]
    public void Folder_has_a_short_name(string folder, string name) => Assert.That(SwitchPlanner.NameOf(folder), Is.EqualTo(name));

    [Test]
    public void Lines_tell_every_byte_that_is_written()
    {
        using var tree = new SwitchTree("E", withDropIns: true);

        Assert.That(
            SwitchText.Lines(SwitchPlanner.ToVulkan(tree.Ollama)),
            Is.EqualTo(
                new[]
                {
                    "  file    /etc/systemd/system/ollama.service.d/60-gfxbake-rocm.conf  (644)",
                    "          # Written by gfxbake, RocmSwitch --to=vulkan; RocmRollback removes it.",
                    "          [Service]",
                    "          Environment=OLLAMA_LLM_LIBRARY=vulkan",
                    "Note: OLLAMA_LLM_LIBRARY holds for all GPUs: others than AMD's are not used while the switch is in force.",
                }
            )
        );
    }
}
