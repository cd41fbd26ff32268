using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Pipeline.Outputs.Report;
using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

public sealed class ReportRunningTests
{
    private BuildPaths paths = null!;

    [SetUp]
    public void Make() => paths = new(Directory.CreateTempSubdirectory("gfxbake-running").FullName, "sample", "debian");

    [TearDown]
    public void Remove() => Directory.Delete(paths.Root, recursive: true);

    [Test]
    public void What_is_not_there_is_left_out() =>
        Assert.That(ReportRunning.Read(paths), Is.EqualTo(new ReportRunning()).UsingPropertiesComparer());

    [Test]
    public void Records_that_are_there_are_read()
    {
        RecordFile.Write(paths.Doctor, SampleRunning.Doctor);
        AtomicFile.WriteText(Path.Combine(paths.Fits, "m.gguf.json"), SampleRunning.Fit.Json());
        BenchFiles.Write(paths.Bench, new() { Schema = BenchFile.CurrentSchema, Runs = [SampleRunning.Run] });

        Assert.That(ReportRunning.Read(paths), Is.EqualTo(SampleRunning.All).UsingPropertiesComparer());
    }

    [Test]
    public void Incomplete_measurement_is_refused_with_what_is_missing()
    {
        var run = SampleRunning.Run;
        BenchFiles.Write(
            paths.Bench,
            new() { Schema = BenchFile.CurrentSchema, Runs = [run with { Series = [run.Series[0], run.Series[1] with { Points = [] }] }] }
        );

        var running = ReportRunning.Read(paths);

        Assert.That(running.Runs, Is.Empty);
        Assert.That(
            running.Refused,
            Does.Contain("artifacts/sample/debian/bench.json is not complete").And.Contain("tg128 at depth 4096: 0 of 3 samples")
        );
    }

    [Test]
    public void Broken_files_are_left_out_or_told()
    {
        foreach (var file in new[] { paths.Doctor, Path.Combine(paths.Fits, "m.json"), paths.Bench })
            AtomicFile.WriteText(file, "{\"model\": \"</script>\"}");

        var running = ReportRunning.Read(paths);

        Assert.That((running.Doctor, running.Fits.Count, running.Runs.Count), Is.EqualTo(((HostReport?)null, 0, 0)));
        Assert.That(running.Refused, Does.StartWith("bench.json: it is no bench.json: "));
    }
}
