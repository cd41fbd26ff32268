using System.Runtime.CompilerServices;
using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Outputs.Sizes;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sizes;

public sealed class SizeOutputTests
{
    [Test]
    public void Sizes_json_is_as_agreed() => AssertGolden(JsonSerializer.Serialize(Sample.Report, RecordFile.Options) + "\n", "sizes.json");

    [Test]
    public void Sizes_md_is_as_agreed() => AssertGolden(SizeMarkdown.Text(Sample.Report, Sample.Row, Sample.Command), "sizes.md");

    [Test]
    public void Terminal_table_is_as_agreed() =>
        AssertGolden(string.Join('\n', SizeTable.Lines(Sample.Report, Sample.Row)) + "\n", "sizes.txt");

    [Test]
    public void Recorded_entries_are_as_agreed() => AssertGolden(RecordedEntries.Text(Sample.Report), "sizes-debian.txt");

    [Test]
    public void Sizes_json_reads_back_what_was_written()
    {
        var file = Path.GetTempFileName();
        RecordFile.Write(file, Sample.Report);

        Assert.That(RecordFile.TryRead<SizeReport>(file), Is.EqualTo(Sample.Report).UsingPropertiesComparer());
        File.Delete(file);
    }

    [Test]
    public void Terminal_table_fits_80_columns_and_has_no_control_character() =>
        Assert.That(
            SizeTable.Lines(Sample.Report, Sample.Row),
            Has.All.Length.LessThanOrEqualTo(80).And.All.Matches<string>(l => !l!.Any(char.IsControl))
        );

    [Test]
    public void Unverified_image_is_shouted()
    {
        var report = Sample.Report with { Verified = false };

        Assert.Multiple(() =>
        {
            Assert.That(SizeTable.Lines(report, null)[0], Does.EndWith("NOT VERIFIED"));
            Assert.That(SizeMarkdown.Text(report, null, Sample.Command), Does.Contain("**not verified.**"));
        });
    }

    [TestCase(8_412_345_678, 905_123_456, 89.2)]
    [TestCase(100, 100, 0)]
    [TestCase(100, 150, -50)]
    [TestCase(0, 0, 0)]
    public void Saved_is_a_share_of_the_full_image(long full, long minimal, double percent) =>
        Assert.That(Percent.Saved(full, minimal), Is.EqualTo(percent));

    private static void AssertGolden(string actual, string name, [CallerFilePath] string source = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(source)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.That(actual, Is.EqualTo(File.ReadAllText(path)));
    }
}
