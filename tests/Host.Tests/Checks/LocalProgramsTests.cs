using Cake.Core;
using Gfxbake.Host.Checks;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tests.Checks;

[TestFixture]
internal sealed class LocalProgramsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp() => build = new SampleBuild();

    [TearDown]
    public void TearDown() => build.Dispose();

    [TestCase("8080", "41234")]
    [TestCase("18080", "18080")]
    [TestCase("0.0.0.0", "127.0.0.1")]
    [TestCase("/models/tiny.gguf", "/home/a b/models/tiny.gguf")]
    [TestCase("/opt/gfxbake/still/a:/opt/gfxbake/still/b", "/kits/still/a:/kits/still/b")]
    [TestCase("--models/x", "--models/x")]
    [TestCase("/models", "/models")]
    public void Word_of_a_container_is_this_machines(string word, string here) =>
        Assert.That(
            LocalPrograms.Local(
                word,
                new ContainerStart
                {
                    Image = "",
                    Program = "server",
                    Port = 8080,
                    Mounts = [new("/home/a b/models", "/models"), new("/kits/still", "/opt/gfxbake/still")],
                },
                41234
            ),
            Is.EqualTo(here)
        );

    [Test]
    public void Program_gets_its_words_and_variables_and_none_of_ours()
    {
        Environment.SetEnvironmentVariable("GFXBAKE_TEST_OURS", "ours");
        try
        {
            using var run = Start("echo \"$1 $PORT ${GFXBAKE_TEST_OURS-none} ${HOME:+home}\"; echo bad >&2; exit 3", port: 8080);

            Assert.That(run.Wait(Limit), Is.EqualTo(3));
            Assert.That(run.Stdout, Does.Match(@"^/somewhere/m\.gguf \d+ none home\n$"));
            Assert.That(run.Stdout, Does.Not.Contain(" 8080 "));
            Assert.That(run.Stderr, Is.EqualTo("bad\n"));
            Assert.That(run.Address(8080)!.ToString(), Does.Match(@"^http://127\.0\.0\.1:\d+/$"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("GFXBAKE_TEST_OURS", null);
        }
    }

    [Test]
    public void What_a_running_program_has_mapped_is_read_and_an_interrupt_ends_it()
    {
        // Whoever runs the tests in the background ignores the signal, and a shell can't undo that.
        using var run = Start("exec env --default-signal=INT sh -c 'trap \"exit 7\" INT; echo ready; while :; do sleep 0.1; done'");

        // It begins as env, which becomes the shell.
        Assert.That(() => run.Maps([]), Has.Some.Contains("libc.so").Or.Some.Contains("/sh").Or.Some.Contains("dash").After(10_000, 50));
        // The trap may not be set yet.
        for (var end = DateTime.UtcNow + Limit; !run.HasExited && DateTime.UtcNow < end; Thread.Sleep(50))
            run.Interrupt();
        Assert.That(run.Wait(Limit), Is.EqualTo(7).Or.EqualTo(130));
        Assert.That(run.Maps([]), Is.Empty);
    }

    [Test]
    public void Program_that_does_not_end_is_ended()
    {
        var run = Start("trap '' INT; while :; do sleep 1; done");

        Assert.That(run.Wait(TimeSpan.FromSeconds(0.3)), Is.Null);
        run.Kill();

        Assert.That(run.HasExited, Is.True);
        run.Dispose();
    }

    [Test]
    public void Program_that_is_not_installed_is_told() =>
        Assert.That(
            () => LocalPrograms.Find("llama-server", "relative:/nowhere"),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("no program llama-server in $PATH")
        );

    private IContainer Start(string script, int? port = null) =>
        new LocalPrograms(build.Open()).Start(
            new ContainerStart
            {
                Image = "",
                Program = "sh",
                Arguments = ["-c", script, "sh", "/models/m.gguf"],
                Environment = new Dictionary<string, string> { ["PORT"] = "8080", ["HOME"] = "/other" },
                Mounts = [new("/somewhere", "/models")],
                Port = port,
            }
        );
}
