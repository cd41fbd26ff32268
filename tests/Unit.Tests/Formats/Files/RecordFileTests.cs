using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Base;

namespace Gfxbake.Unit.Tests.Formats.Files;

public sealed class RecordFileTests
{
    private string folder = "";

    private static BaseRecord Record =>
        new()
        {
            Inputs = new(StringComparer.Ordinal) { ["b"] = "2", ["a"] = "1" },
            Image = "localhost/x:1",
            ImageId = "id",
            Origin = "bootstrapped sid",
        };

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("records").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Record_reads_back_what_was_written()
    {
        var file = Path.Combine(folder, "deep", "base.json");
        RecordFile.Write(file, Record);

        Assert.That(RecordFile.TryRead<BaseRecord>(file), Is.EqualTo(Record).UsingPropertiesComparer());
    }

    [Test]
    public void Record_is_the_same_text_each_time()
    {
        RecordFile.Write(Path.Combine(folder, "1"), Record);
        RecordFile.Write(Path.Combine(folder, "2"), Record);

        Assert.That(File.ReadAllText(Path.Combine(folder, "1")), Is.EqualTo(File.ReadAllText(Path.Combine(folder, "2"))));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("{\"image\":\"x\"}")]
    [TestCase("[]")]
    public void Record_of_another_form_counts_as_none(string text)
    {
        var file = Path.Combine(folder, "x.json");
        File.WriteAllText(file, text);

        Assert.That(RecordFile.TryRead<BaseRecord>(file), Is.Null);
    }

    [Test]
    public void File_that_fails_while_written_leaves_the_old_one_and_no_partial()
    {
        var file = Path.Combine(folder, "x");
        File.WriteAllText(file, "old");

        Assert.That(
            () =>
                AtomicFile.Write(
                    file,
                    stream =>
                    {
                        stream.WriteByte(1);
                        throw new IOException("full");
                    }
                ),
            Throws.TypeOf<IOException>()
        );
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
            Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
        });
    }
}
