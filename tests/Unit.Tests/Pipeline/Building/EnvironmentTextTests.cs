using Gfxbake.Pipeline.Building;
using Gfxbake.Pipeline.Matching;
using Gfxbake.Unit.Tests.Pipeline.Matching;

namespace Gfxbake.Unit.Tests.Pipeline.Building;

[TestFixture]
internal sealed class EnvironmentTextTests
{
    [Test]
    public void Values_are_quoted_as_systemd_and_a_shell_read_them() =>
        Assert.That(
            EnvironmentText.Of([KeyValuePair.Create("A", "/a folder/$x"), KeyValuePair.Create("B", "1")], "why"),
            Is.EqualTo("# why\nA=\"/a folder/\\$x\"\nB=\"1\"\n")
        );

    [Test]
    public void Any_value_is_read_back_by_the_reader_of_units() =>
        Rounds.Run(
            random =>
            {
                const string Letters = "ab /\\\"'$`#;=%~*[]()<>ä€";
                var value = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Letters[random.Next(Letters.Length)]));
                using var machine = new MachineFolder()
                    .Text("/etc/systemd/system/ollama.service", "[Service]\nEnvironmentFile=/etc/o.env\n")
                    .Text("/etc/o.env", EnvironmentText.Of([KeyValuePair.Create("OLLAMA_LLM_LIBRARY", value)]));
                var read = new ServiceEnvironment(MachineFolder.Facts.Service, machine.Tree).Read().Variables;

                Assert.That(read.Single().Value, Is.EqualTo(value));
            },
            cost: 10
        );

    [TestCase("A", "a\nB=1")]
    [TestCase("A", "a\0")]
    [TestCase("A B", "1")]
    [TestCase("1A", "1")]
    [TestCase("", "1")]
    public void What_such_a_file_can_not_hold_is_refused(string name, string value) =>
        Assert.That(() => EnvironmentText.Of([KeyValuePair.Create(name, value)]), Throws.ArgumentException);
}
