using System.Text;
using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Unit.Tests.Pipeline.Bench;

public sealed class BenchFilesTests
{
    private string file = "";

    [SetUp]
    public void Make() => file = Path.Combine(Directory.CreateTempSubdirectory("gfxbake-bench").FullName, "bench.json");

    [TearDown]
    public void Remove() => Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);

    [Test]
    public void What_is_written_is_read_again()
    {
        var written = SampleBench.FileOf(SampleBench.With((0, [1.5, 2])), SampleBench.Empty());
        BenchFiles.Write(file, written);

        var read = BenchFiles.Read(file);

        Assert.That(read, Is.EqualTo(written).UsingPropertiesComparer());
        Assert.That(File.ReadAllText(file), Does.Not.Contain("missing").IgnoreCase.And.Not.Contain("median").IgnoreCase);
    }

    [Test]
    public void Unknown_key_is_passed_over()
    {
        Write(text => "{\"new\": 1," + text[1..]);

        Assert.That(BenchFiles.Read(file).Runs, Has.Count.EqualTo(1));
    }

    [TestCase("\"samples\": 2", "\"sample\": 2", "it is no bench.json: ")]
    [TestCase("\"schema\": 1", "\"schema\": 2", "its schema is 2; this program reads 1")]
    [TestCase("\"runs\": [", "\"runs\": [],\"x\": [", "it has 0 runs")]
    [TestCase("1.5,", "0,", "run 1: series pp512: a sample is no positive number")]
    [TestCase("1.5,", "1e999,", "a sample is no positive number")]
    [TestCase("\"x\": 0", "\"x\": -1", "depth is 0 to 99999999")]
    [TestCase("\"samples\": 2", "\"samples\": 2000000", "a point has 1 to 1000 samples")]
    [TestCase("\"x\": 0,", "", "it is no bench.json: ")]
    [TestCase("\"points\": [", "\"points\": [null,", "something in it is null")]
    [TestCase("{", "[", "it is no bench.json: ")]
    public void Broken_file_is_refused(string from, string to, string message)
    {
        Write(text =>
        {
            Assert.That(text, Does.Contain(from));
            return text.Replace(from, to, StringComparison.Ordinal);
        });

        Assert.That(
            () => BenchFiles.Read(file),
            Throws.TypeOf<BenchException>().With.Message.StartsWith("bench.json: ").And.Message.Contains(message)
        );
    }

    [Test]
    public void Missing_file_and_endless_text_are_refused()
    {
        Assert.That(() => BenchFiles.Read(file), Throws.TypeOf<BenchException>().With.Message.StartsWith("bench.json: "));

        BenchFiles.Write(file, SampleBench.FileOf(SampleBench.Empty() with { Title = new string('x', 401) }));
        Assert.That(
            () => BenchFiles.Read(file),
            Throws.TypeOf<BenchException>().With.Message.Contains("a text is longer than 400 characters")
        );
    }

    [Test]
    public void Title_says_that_no_gpu_was_measured_whatever_stands_there()
    {
        var run = SampleBench.Empty() with { Title = "a fast GPU" };

        Assert.That(run.Heading, Is.EqualTo("a fast GPU: no measurement of a GPU"));
        Assert.That((run with { Device = new("null", true, false, "p") }).Heading, Does.EndWith(": no measurement of a GPU"));
        Assert.That((run with { Device = new("gfx1151", true, true, "p") }).Heading, Is.EqualTo("a fast GPU"));
    }

    [Test]
    public void Gpu_without_proof_is_not_shown() =>
        Assert.That(
            () => BenchFiles.NeedComplete("b", [SampleBench.With((0, [1.0])) with { Device = new("gfx1151", true, true, null) }]),
            Throws.TypeOf<BenchException>().With.Message.Contains("the proof that gfx1151 was used")
        );

    [Test]
    public void Whatever_a_file_holds_it_is_read_or_refused_in_a_sentence()
    {
        BenchFiles.Write(file, SampleBench.FileOf(SampleBench.With((0, [1.5, 2]))));
        var real = File.ReadAllBytes(file);
        Rounds.Run(random =>
        {
            var bytes = (byte[])real.Clone();
            for (var i = random.Next(1, 5); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(file, bytes);
            try
            {
                BenchSvg.Of("it", BenchFiles.Read(file).Runs);
            }
            catch (BenchException exception)
            {
                Assert.That(exception.Message, Has.Length.LessThan(1000));
            }
        });
    }

    private void Write(Func<string, string> change)
    {
        BenchFiles.Write(file, SampleBench.FileOf(SampleBench.With((0, [1.5, 2]))));
        File.WriteAllText(file, change(File.ReadAllText(file)), Encoding.UTF8);
    }
}
