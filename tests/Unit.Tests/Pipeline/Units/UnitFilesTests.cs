using System.Text.Json;
using System.Text.RegularExpressions;
using Gfxbake.Pipeline.Units;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;
using YamlDotNet.Serialization;

namespace Gfxbake.Unit.Tests.Pipeline.Units;

/// <summary>The files as texts. That the programs which read them take them, and start what they say, is for UnitEngineTests.</summary>
public sealed partial class UnitFilesTests
{
    private static readonly string Templates = Path.Combine(RepositoryRoot.Path, "docker", "units");
    private static readonly UnitFacts Facts = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).Units;

    [Test]
    public void Every_format_is_written_and_has_an_own_file_name()
    {
        var files = new UnitFiles(Templates, Facts).Fill([.. Facts.Formats.Keys], SampleUnits.Set(devices: ["/dev/kfd"]), asRoot: false);

        Assert.That(
            files.Select(f => f.Name),
            Is.EquivalentTo(
                new[]
                {
                    "compose.yaml",
                    "llama-cpp-gfx1151-tiny-f16.container",
                    "llama-cpp-gfx1151-tiny-q8_0.container",
                    "llama-cpp-gfx1151-tiny-f16.service",
                    "llama-cpp-gfx1151-tiny-q8_0.service",
                    "distrobox.ini",
                    "toolbox.Containerfile",
                    "llama-swap.yaml",
                    "models.ini",
                    "gfxbake.json",
                }
            )
        );
        Assert.That(files.Select(f => f.Text), Has.All.EndsWith("\n"));
        Assert.That(files.Select(f => f.Text), Has.None.Contains("{{"));
    }

    [TestCase("compose")]
    [TestCase("quadlet")]
    [TestCase("systemd")]
    public void Line_breaks_of_a_value_come_through_where_the_format_can_write_them(string format) =>
        Assert.That(() => Fill(format, SampleUnits.Set(extra: SampleUnits.WithLines)), Throws.Nothing);

    [TestCase("llama-swap", "control character")]
    [TestCase("router", "control character")]
    public void Value_that_a_format_cannot_write_is_refused(string format, string why) =>
        Assert.That(
            () => Fill(format, SampleUnits.Set(extra: SampleUnits.WithLines)),
            Throws.TypeOf<UnitException>().With.Message.StartsWith(format + " (docker/units/").And.Message.Contains(why)
        );

    [TestCase("a # b", "has a '#'")]
    [TestCase("a; b", "has a ';'")]
    [TestCase(" a", "begins or ends with a blank")]
    public void Router_has_no_quotes_so_what_would_end_its_value_is_refused(string value, string why) =>
        Assert.That(() => Fill("router", SampleUnits.Set(extra: value)), Throws.TypeOf<UnitException>().With.Message.Contains(why));

    // podman 5.8's generator drops this word and all behind it, and says nothing.
    [Test]
    public void Empty_word_is_refused_in_a_quadlet_and_only_there()
    {
        Assert.That(() => Fill("quadlet", SampleUnits.Set(extra: "")), Throws.TypeOf<UnitException>().With.Message.Contains("is empty"));
        Assert.That(() => Fill("systemd", SampleUnits.Set(extra: "")), Throws.Nothing);
        Assert.That(() => Fill("compose", SampleUnits.Set(extra: "")), Throws.Nothing);
    }

    [TestCase("/srv/mo:dels", "compose", true)]
    [TestCase("/srv/mo:dels", "quadlet", false)]
    [TestCase("/srv/mo:dels", "systemd", false)]
    [TestCase("/srv/my models", "quadlet", true)]
    [TestCase("/srv/my models", "distrobox", false)]
    [TestCase("/srv/$(id)", "distrobox", false)]
    [TestCase("/srv/a\nb", "quadlet", false)]
    public void Folder_of_models_is_written_right_or_refused(string folder, string format, bool can)
    {
        // The names of files reach every format; a folder that one cannot name must not name another one there.
        var set = SampleUnits.Set(folder: folder);
        Assert.That(() => Fill(format, set), can ? Throws.Nothing : Throws.TypeOf<UnitException>());
    }

    [Test]
    public void Compose_says_what_was_meant()
    {
        var compose =
            (Dictionary<object, object>)
                new DeserializerBuilder().Build().Deserialize(new StringReader(Fill("compose", SampleUnits.Set(devices: ["/dev/kfd"]))))!;
        var service = (Dictionary<object, object>)((Dictionary<object, object>)compose["services"])["tiny-f16"];

        Assert.Multiple(() =>
        {
            Assert.That(
                service["command"],
                Is.EqualTo(
                    new[] { "--model", "/models/tiny-f16.gguf", "--alias", "tiny-f16", "--chat-template-kwargs" }
                        .Append(SampleUnits.Hostile.Replace("$", "$$"))
                        .Concat(["--ctx-size", "512", "--jinja", "--temp", "-0.5"])
                )
            );
            Assert.That(service["image"], Is.EqualTo(SampleUnits.Image));
            Assert.That(service["pull_policy"], Is.EqualTo("never"));
            Assert.That(service["devices"], Is.EqualTo(new[] { "/dev/kfd" }));
            Assert.That(service["group_add"], Is.EqualTo(new[] { "44", "105" }));
            Assert.That(service["cap_drop"], Is.EqualTo(new[] { "all" }));
            Assert.That(service["security_opt"], Is.EqualTo(new[] { "no-new-privileges" }));
            Assert.That(service["profiles"], Is.EqualTo(new[] { "tiny-f16" }));
            Assert.That(((Dictionary<object, object>)((List<object>)service["ports"])[0])["host_ip"], Is.EqualTo("127.0.0.1"));
        });
    }

    /// <summary>Lessons of such files in the wild (docs/units.md says where each was learnt).</summary>
    [TestCase("compose", new[] { "privileged", "nvidia", "memory:", "mem_limit", "/dev/dri\"", "--no-mmap", "unconfined" })]
    [TestCase("quadlet", new[] { "privileged", "Memory", "AddDevice=/dev/dri\n", "--no-mmap", ":Z", "Environment=PODMAN", "unconfined" })]
    [TestCase("systemd", new[] { "MemoryMax", "PrivateDevices=yes", "--no-mmap" })]
    public void Format_never_has(string format, string[] words)
    {
        var text = Fill(format, SampleUnits.Set(devices: ["/dev/kfd", "/dev/dri/renderD128"]));
        foreach (var word in words)
            Assert.That(text, Does.Not.Contain(word));
    }

    [Test]
    public void Quadlet_has_learnt_its_lessons()
    {
        var text = Fill("quadlet", SampleUnits.Set(devices: ["/dev/kfd", "/dev/dri/renderD128"]));
        var unit = text[text.IndexOf("\n[Unit]", StringComparison.Ordinal)..text.IndexOf("\n[Container]", StringComparison.Ordinal)];
        var container = text[
            text.IndexOf("\n[Container]", StringComparison.Ordinal)..text.IndexOf("\n[Service]", StringComparison.Ordinal)
        ];

        Assert.Multiple(() =>
        {
            Assert.That(unit, Does.Contain("StartLimitBurst=").And.Contain("StartLimitIntervalSec="));
            Assert.That(unit, Does.Contain("Description=Tiny, 100 %% random with "));
            Assert.That(container, Does.Contain("AddDevice=/dev/dri/renderD128\n"));
            Assert.That(container, Does.Contain("Pull=never\n"));
            Assert.That(container, Does.Contain("PublishPort=127.0.0.1:8080:8080\n"));
            Assert.That(container, Does.Contain(":/models/tiny-f16.gguf:ro,z\n"));
            Assert.That(container, Does.Contain("DropCapability=all\n").And.Contain("NoNewPrivileges=true\n"));
            Assert.That(container, Does.Contain("http://127.0.0.1:8080/health\"]\n"));
            Assert.That(container, Does.Contain("GroupAdd=keep-groups\n"));
            Assert.That(container, Does.Contain("\"--ctx-size\" \"512\""));
            Assert.That(ExecWord().Replace(ExecLine().Match(container).Groups[1].Value, ""), Is.Empty, "a word without quotes");
            Assert.That(text, Does.Contain("TimeoutStartSec=900\n"));
        });
    }

    [Test]
    public void Quadlet_of_root_names_the_groups_by_number()
    {
        var text = new UnitFiles(Templates, Facts).Fill(["quadlet"], SampleUnits.Set(), asRoot: true)[0];

        Assert.That(text.Text, Does.Contain("GroupAdd=44\nGroupAdd=105\n").And.Not.Contain("keep-groups"));
        Assert.That(text.Use, Does.Contain("/etc/containers/systemd/"));
    }

    [Test]
    public void One_model_needs_no_profile()
    {
        var set = SampleUnits.Set();

        Assert.That(Fill("compose", set with { Models = [set.Models[0]] }), Does.Not.Contain("profiles"));
    }

    [Test]
    public void Two_files_cannot_be_one_in_the_image()
    {
        var set = SampleUnits.Set();
        var other = set.Models[1] with { Run = set.Models[1].Run with { Mounts = [new("/other/x.gguf", "/models/tiny-f16.gguf")] } };

        Assert.That(
            () => Fill("router", set with { Models = [set.Models[0], other] }),
            Throws.TypeOf<UnitException>().With.Message.Contains("would both be /models/tiny-f16.gguf")
        );
    }

    [Test]
    public void Cdi_names_the_nodes_and_adds_no_right()
    {
        using var cdi = JsonDocument.Parse(Fill("cdi", SampleUnits.Set(devices: ["/dev/kfd", "/dev/dri/renderD128"])));
        var device = cdi.RootElement.GetProperty("devices")[0].GetProperty("containerEdits").GetProperty("deviceNodes");

        Assert.That(
            device.EnumerateArray().Select(d => d.GetProperty("path").GetString()),
            Is.EqualTo(new[] { "/dev/kfd", "/dev/dri/renderD128" })
        );
    }

    // llama-swap replaces ${…} everywhere, before it takes the words apart.
    [Test]
    public void Llama_swap_finds_no_macro_of_its_own_in_a_value()
    {
        var text = Fill("llama-swap", SampleUnits.Set());

        Assert.That(text, Does.Not.Contain("${").And.Contain("$''{HOME}"));
    }

    /// <summary>A value that no word quotes stands as it is, whatever it means there.</summary>
    [Test]
    public void Templates_write_no_value_without_a_word()
    {
        foreach (var template in Directory.EnumerateFiles(Templates, "*.hbs"))
            Assert.That(Bare().Matches(File.ReadAllText(template)).Select(m => m.Value), Is.Empty, Path.GetFileName(template));
    }

    [Test]
    public void Templates_and_formats_are_the_same_in_number() =>
        Assert.That(
            Directory.EnumerateFiles(Templates).Select(Path.GetFileName),
            Is.EquivalentTo(Facts.Formats.Values.Select(f => f.Template))
        );

    private static string Fill(string format, UnitSet set) => new UnitFiles(Templates, Facts).Fill([format], set, asRoot: false)[0].Text;

    [GeneratedRegex(@"\{\{(?!else\}|[#/])[^ }]*\}\}")]
    private static partial Regex Bare();

    [GeneratedRegex(@"^Exec=(.*)$", RegexOptions.Multiline)]
    private static partial Regex ExecLine();

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*"" ?")]
    private static partial Regex ExecWord();
}
