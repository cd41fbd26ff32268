using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Serving;

public sealed class RunWordsTests
{
    private static readonly ProgramRun Server = new()
    {
        Image = "localhost/sample:debian-minimal",
        Program = "llama-server",
        Arguments = ["--model", "/models/a b.gguf", "--jinja", "--temp", "-1"],
        Environment = new Dictionary<string, string> { ["B"] = "2", ["A"] = "1 x" },
        Mounts = [new Mount("/srv/a b.gguf", "/models/a b.gguf")],
        Ports = [new PublishedPort("127.0.0.1", 8081, 8080)],
        Devices = ["/dev/kfd", "/dev/dri/renderD128"],
        Groups = [105, 44],
    };

    [Test]
    public void Program_gets_what_it_needs_and_no_right_beside_that() =>
        Assert.That(
            string.Join(' ', RunWords.Of(Server, "--name", "x")),
            Is.EqualTo(
                "run --rm --name x --cap-drop=all --security-opt=no-new-privileges -p 127.0.0.1:8081:8080 "
                    + "-v /srv/a b.gguf:/models/a b.gguf:ro -e A=1 x -e B=2 --device /dev/kfd --device /dev/dri/renderD128 "
                    + "--group-add 105 --group-add 44 --entrypoint llama-server localhost/sample:debian-minimal "
                    + "--model /models/a b.gguf --jinja --temp -1"
            )
        );

    [Test]
    public void Command_for_people_is_quoted_and_fits_a_terminal() =>
        Assert.That(
            ShellText.Lines(["podman", .. RunWords.Texts(Server)]),
            Is.EqualTo(
                new[]
                {
                    "    podman run --rm --cap-drop=all --security-opt=no-new-privileges \\",
                    "    -p 127.0.0.1:8081:8080 -v '/srv/a b.gguf:/models/a b.gguf:ro' -e 'A=1 x' \\",
                    "    -e B=2 --device /dev/kfd --device /dev/dri/renderD128 --group-add 105 \\",
                    "    --group-add 44 --entrypoint llama-server localhost/sample:debian-minimal \\",
                    "    --model '/models/a b.gguf' --jinja --temp -1",
                }
            )
        );

    [Test]
    public void Program_without_a_port_has_no_network() =>
        Assert.That(RunWords.Of(Server with { HasNetwork = false, Ports = [] }), Does.Contain("--network=none"));

    [Test]
    public void Rootless_program_keeps_the_groups_of_who_starts_it() =>
        Assert.That(string.Join(' ', RunWords.Of(Server with { KeepsGroups = true })), Does.Contain(" --group-add keep-groups --entry"));

    [Test]
    public void Selinux_lets_containers_read_what_is_mounted() =>
        Assert.That(RunWords.Of(Server with { Relabels = true }), Does.Contain("/srv/a b.gguf:/models/a b.gguf:ro,z"));

    [Test]
    public void Terminal_is_one_only_where_there_is_one() =>
        Assert.That(
            new[] { false, true }.Select(t => string.Join(' ', RunWords.Of(Server with { ReadsInput = true, HasTerminal = t }))),
            Is.EqualTo(new[] { "run --rm --interactive --cap", "run --rm --interactive --tty --cap" })
                .Using<string>((actual, expected) => actual.StartsWith(expected, StringComparison.Ordinal))
        );
}
