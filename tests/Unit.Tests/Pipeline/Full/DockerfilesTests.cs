using Gfxbake.Pipeline.Full;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Full;

public sealed class DockerfilesTests
{
    private static readonly ImageMetadata Image = new()
    {
        User = "someone",
        Workdir = "/home",
        Entrypoint = ["server", "--a b"],
        Command = ["--port", "1"],
        Ports = [8080],
        Healthcheck = new Healthcheck { Command = ["check", "http://x/?a=\"b\""] },
    };

    [Test]
    public void Metadata_replaces_the_marker()
    {
        var text = Dockerfiles.WithMetadata(
            $"FROM scratch\n{Dockerfiles.Marker}\n",
            Image,
            new Dictionary<string, string> { ["B"] = "2", ["A"] = "$x \"y\" \\z" },
            new Dictionary<string, string> { ["l.m"] = "v" }
        );

        Assert.That(
            text,
            Is.EqualTo(
                """
                FROM scratch
                ENV A="\$x \"y\" \\z" B="2"
                LABEL "l.m"="v"
                EXPOSE 8080
                HEALTHCHECK --interval=30s --timeout=5s --start-period=300s CMD ["check","http://x/?a=\"b\""]
                WORKDIR /home
                USER someone
                ENTRYPOINT ["server","--a b"]
                CMD ["--port","1"]

                """
            )
        );
    }

    [Test]
    public void Metadata_needs_the_marker() =>
        Assert.That(
            () => Dockerfiles.WithMetadata("FROM scratch\n", Image, new Dictionary<string, string>(), new Dictionary<string, string>()),
            Throws.TypeOf<FormatException>()
        );

    [Test]
    public void Value_with_a_line_break_cannot_add_an_instruction() =>
        Assert.That(
            () =>
                Dockerfiles.WithMetadata(
                    Dockerfiles.Marker,
                    Image,
                    new Dictionary<string, string> { ["A"] = "1\nRUN evil" },
                    new Dictionary<string, string>()
                ),
            Throws.TypeOf<FormatException>()
        );
}
