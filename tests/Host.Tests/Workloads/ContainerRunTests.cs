using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tests.Workloads;

[TestFixture]
internal sealed class ContainerRunTests
{
    private const string Always =
        "run --name box --label a=b --cap-drop all --security-opt no-new-privileges --no-healthcheck --log-driver k8s-file "
        + "--log-opt max-size=64m --entrypoint /bin/tool";

    private static readonly ContainerStart Bare = new() { Image = "image", Program = "/bin/tool" };

    [Test]
    public void Container_has_no_network_unless_a_port_is_asked_for() =>
        Assert.That(Line(Bare), Is.EqualTo($"{Always} --network none image"));

    [Test]
    public void Port_is_published_on_the_loopback_alone() =>
        Assert.That(Line(Bare with { Port = 8080 }), Is.EqualTo($"{Always} --publish 127.0.0.1::8080 image"));

    [Test]
    public void Mounts_are_read_only_unless_they_say_otherwise() =>
        Assert.That(
            Line(Bare with { Mounts = [new("/a b", "/models"), new("/log", "/trace", Writable: true)] }),
            Is.EqualTo($"{Always} --network none --volume /a b:/models:ro --volume /log:/trace:rw image")
        );

    [Test]
    public void Environment_is_sorted() =>
        Assert.That(
            Line(
                Bare with
                {
                    Environment = new Dictionary<string, string>
                    {
                        ["b"] = "2",
                        ["B"] = "x y",
                        ["a"] = "1",
                    },
                }
            ),
            Is.EqualTo($"{Always} --network none --env B=x y --env a=1 --env b=2 image")
        );

    [Test]
    public void Arguments_follow_the_image_and_stay_single_words() =>
        Assert.That(
            ContainerRun.Arguments(Bare with { Arguments = ["--privileged", "two words"] }, "box", "a=b", EngineKind.Podman).TakeLast(3),
            Is.EqualTo(new[] { "image", "--privileged", "two words" })
        );

    [Test]
    public void Container_is_never_privileged()
    {
        var words = ContainerRun.Arguments(
            Bare with
            {
                Port = 1,
                Mounts = [new("/a", "/b", true)],
                Environment = new Dictionary<string, string> { ["A"] = "b" },
            },
            "box",
            "a=b",
            EngineKind.Podman
        );

        Assert.That(
            words.TakeWhile(w => w != "image"),
            Has.None.StartsWith("--privileged")
                .And.None.StartsWith("--cap-add")
                .And.None.StartsWith("--device")
                .And.None.Contains("unconfined")
        );
    }

    [TestCase(false, "--device /dev/kfd --device /dev/dri/renderD128 --group-add 44 --group-add 105")]
    [TestCase(true, "--device /dev/kfd --device /dev/dri/renderD128 --group-add keep-groups")]
    public void Gpu_is_its_nodes_and_their_groups_and_no_other_right(bool keeps, string words) =>
        Assert.That(
            Line(Bare with { Gpu = new(["/dev/kfd", "/dev/dri/renderD128"], [44, 105], keeps) }),
            Is.EqualTo($"{Always} --network none {words} image")
        );

    [Test]
    public void Node_is_a_device() =>
        Assert.That(
            Line(Bare with { Nodes = ["/dev/null:/dev/kfd"] }),
            Is.EqualTo($"{Always} --network none --device /dev/null:/dev/kfd image")
        );

    private static string Line(ContainerStart settings) =>
        string.Join(' ', ContainerRun.Arguments(settings, "box", "a=b", EngineKind.Podman));
}
