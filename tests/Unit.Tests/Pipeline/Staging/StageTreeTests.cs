using System.Text;
using Gfxbake.Formats.Rpm;
using Gfxbake.Pipeline.Staging;

namespace Gfxbake.Unit.Tests.Pipeline.Staging;

public sealed class StageTreeTests
{
    private string root = "";

    [SetUp]
    public void MakeRoot() => root = Directory.CreateTempSubdirectory("gfxbake-stage").FullName;

    [TearDown]
    public void RemoveRoot() => Directory.Delete(root, recursive: true);

    [TestCase("/etc/passwd")]
    [TestCase("./../out")]
    [TestCase("./usr/../../out")]
    [TestCase("./usr//x")]
    public void Name_that_is_no_plain_path_is_refused(string name) =>
        Assert.That(() => Unpack(Entry(name, CpioKind.File, "x")), Throws.TypeOf<StageException>());

    [TestCase("../out")]
    [TestCase("../../usr")]
    [TestCase("x/../../..")]
    [TestCase("/../etc")]
    public void Link_that_leads_out_is_refused(string target) =>
        Assert.That(() => Unpack(Entry("./link", CpioKind.Link, target)), Throws.TypeOf<StageException>());

    [Test]
    public void Absolute_link_stays_in_the_stage()
    {
        Unpack(Entry("./usr/lib/a", CpioKind.Link, "/etc/a"));

        Assert.That(new FileInfo(Path.Combine(root, "usr/lib/a")).LinkTarget, Is.EqualTo("../../etc/a"));
    }

    [Test]
    public void File_behind_a_link_is_refused() =>
        Assert.That(() => Unpack(Entry("./a", CpioKind.Link, "usr"), Entry("./a/x", CpioKind.File, "x")), Throws.TypeOf<StageException>());

    [Test]
    public void Name_that_comes_twice_is_refused() =>
        Assert.That(() => Unpack(Entry("./a", CpioKind.File, "x"), Entry("./a", CpioKind.File, "y")), Throws.TypeOf<StageException>());

    [Test]
    public void Device_is_refused() => Assert.That(() => Unpack(Entry("./dev", CpioKind.Other, "")), Throws.TypeOf<StageException>());

    [Test]
    public void More_bytes_than_allowed_are_refused() =>
        Assert.That(() => Unpack(Entry("./a", CpioKind.File, new string('x', 101))), Throws.TypeOf<StageException>());

    [Test]
    public void Setuid_is_left_out()
    {
        Unpack(Entry("./a", CpioKind.File, "x") with { Mode = 0b100_111_101_101 });

        Assert.That(File.GetUnixFileMode(Path.Combine(root, "a")) & UnixFileMode.SetUser, Is.EqualTo(UnixFileMode.None));
    }

    private void Unpack(params CpioEntry[] entries) => new StageTree(root, [], 100).Unpack("p", entries, CancellationToken.None);

    private static CpioEntry Entry(string path, CpioKind kind, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        return new CpioEntry(path, kind, 0b110_100_100, 1, 1, 0, bytes.Length, new MemoryStream(bytes));
    }
}
