using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Outputs.Report;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

public sealed class VerifyFileTests
{
    private BuildPaths paths = null!;

    [SetUp]
    public void Make() => paths = new(Directory.CreateTempSubdirectory("gfxbake-verify").FullName, "sample", "debian");

    [TearDown]
    public void Remove() => Directory.Delete(paths.Root, recursive: true);

    [Test]
    public void Record_is_read_back_as_it_was()
    {
        var found = SampleSheet.Found(0.01, new TokenPair(1, "a", -1, -1.01));
        RecordFile.Write(paths.VerifyRecord, SampleSheet.Record(SampleSheet.Verdict("serve", found)));

        var read = VerifyFile.Read(paths);

        Assert.That(read.Why, Is.Empty);
        Assert.That(read.Record!.Workloads[0].Numbers[0], Is.EqualTo(found).UsingPropertiesComparer());
    }

    [Test]
    public void Numbers_that_can_not_be_are_left_out()
    {
        const string Counts =
            "\"request\": \"r\", \"against\": \"a\", \"positions\": 1, \"positionsCompared\": 1, \"compared\": 1, \"least\": 1";
        Write(
            $$"""
            { {{Counts}}, "largest": 1, "limit": 2, "divergence": 1e999, "first": [
              null,
              {"id": 1, "text": "a", "reference": 1e999},
              {"id": 2, "text": "b", "reference": 700},
              {"id": 3, "text": "c", "reference": -1, "measured": -1e300}
            ]}
            """,
            $$"""{ {{Counts}}, "largest": 1e999, "limit": 2, "first": []}""",
            "null"
        );

        var numbers = VerifyFile.Read(paths).Record!.Workloads.Single().Numbers;

        Assert.That(numbers, Has.Count.EqualTo(1));
        Assert.That(numbers[0].Divergence, Is.Null);
        Assert.That(numbers[0].First, Is.EqualTo(new[] { new TokenPair(3, "c", -1, null) }));
    }

    [Test]
    public void Lists_and_texts_have_an_end()
    {
        var text = new string('x', 60) + "\U0001f9e8\U0001f9e8\U0001f9e8";
        var tokens = Enumerable.Range(0, 5000).Select(i => new TokenPair(i, text, -1, -1));
        var found = SampleSheet.Found(0.01, [.. tokens]) with { Request = new string('r', 999) };
        var verdict = SampleSheet.Verdict(new string('n', 999), found with { First = [] });
        RecordFile.Write(paths.VerifyRecord, SampleSheet.Record([.. Enumerable.Repeat(verdict, 300)]));
        Assert.That(VerifyFile.Read(paths).Record!.Workloads, Has.Count.EqualTo(200));

        RecordFile.Write(paths.VerifyRecord, SampleSheet.Record(SampleSheet.Verdict("serve", found)));
        var one = VerifyFile.Read(paths).Record!.Workloads[0].Numbers[0];
        Assert.That((one.First.Count, one.Request.Length), Is.EqualTo((10, 101)));
        Assert.That(one.First[0].Text, Is.EqualTo(new string('x', 60) + "\U0001f9e8\U0001f9e8…"));
    }

    [TestCase("{\"largest\": NaN}", "not shown (verify.json can't be read)")]
    [TestCase("{}", "not shown (verify.json can't be read)")]
    [TestCase("", "not shown (verify.json can't be read)")]
    public void What_is_no_record_is_not_shown(string text, string why)
    {
        AtomicFile.WriteText(paths.VerifyRecord, text);

        Assert.That(VerifyFile.Read(paths), Is.EqualTo(new VerifyFile(null, why)));
    }

    [Test]
    public void File_without_end_is_not_read()
    {
        AtomicFile.WriteText(paths.VerifyRecord, new string(' ', (4 << 20) + 1));

        Assert.That(VerifyFile.Read(paths).Why, Is.EqualTo("not shown (verify.json is longer than 4 MiB)"));
    }

    [Test]
    public void Each_variant_has_its_own()
    {
        var found = SampleSheet.Found(0.01, new TokenPair(1, "a", -1, -1.01));
        var native = paths with { Variant = "native" };
        RecordFile.Write(native.VerifyRecord, SampleSheet.Record(SampleSheet.Verdict("serve", found)));

        Assert.That(
            NumberSheet.Read(SampleSheet.Recipe, paths).Rows[0].Cells.Select(c => c!.Text),
            Is.EqualTo(new[] { "not run (no verify.json)", "0.01 of 0.05" })
        );
    }

    [Test]
    public void Variant_that_was_never_verified_is_not_run() =>
        Assert.That(VerifyFile.Read(paths), Is.EqualTo(new VerifyFile(null, "not run (no verify.json)")));

    [TestCase("2", true)]
    [TestCase("3", false)]
    public void Record_of_another_image_is_not_shown(string image, bool isShown)
    {
        RecordFile.Write(paths.VerifyRecord, SampleSheet.Record());
        RecordFile.Write(
            paths.CandidateRecord,
            new MinimalRecord
            {
                Inputs = [],
                Image = "i",
                ImageId = image,
                Verified = false,
                RootFileSystem = "",
                Layers = [],
                Slimmed = [],
                Size = new(new ImageStatistics(1, 1, 0, 0, 0, 0), 1),
            }
        );

        var read = VerifyFile.Read(paths);

        Assert.That(read.Record is not null, Is.EqualTo(isShown));
        Assert.That(read.Why, Is.EqualTo(isShown ? "" : "not shown (verify.json is of another image)"));
    }

    private void Write(params string[] numbers) =>
        AtomicFile.WriteText(
            paths.VerifyRecord,
            $$"""
            {"inputs": {}, "image": "i", "imageId": "2", "workloads": [null, {"name": "w", "on": "a device",
             "problems": [null], "numbers": [{{string.Join(", ", numbers)}}]}]}
            """
        );
}
