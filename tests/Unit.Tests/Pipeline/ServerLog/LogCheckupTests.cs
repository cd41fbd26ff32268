using System.Text;
using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.ServerLog;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.ServerLog;

/// <summary>ollama-log.yml on logs, one line of each known text, and damaged logs.</summary>
public sealed class LogCheckupTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "ollama-logs");
    private static readonly OllamaLogFacts Facts = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).OllamaLog;
    private static readonly LogCheckup Checkup = new(Facts);
    private static readonly string[] Known = File.ReadAllLines(Path.Combine(Folder, "lines.log"));

    private static IEnumerable<string> Texts => Facts.Lines.SelectMany(l => l.Text);

    private static IEnumerable<string> Logs =>
        Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    // Otherwise an entry is data that nobody has ever seen.
    [TestCaseSource(nameof(Texts))]
    public void Known_text_is_found_in_a_line_that_has_it(string text)
    {
        var entry = Facts.Lines.Single(l => l.Text.Contains(text));
        var only = Facts with { Lines = [entry with { Text = [text] }] };
        var checkup = new LogCheckup(only);
        var line = Known.FirstOrDefault(l => Of(l, checkup).Findings.Count > 0);

        Assert.That(line, Is.Not.Null, "lines.log has no such line");
        var finding = Of(line!).Findings.Single(f => f.Meaning == entry.Meaning);
        Assert.That(
            (finding.Level, finding.Remedy, finding.Source),
            Is.EqualTo((entry.Level, entry.Remedy, Facts.Sources[entry.Source].Where))
        );
    }

    [TestCaseSource(nameof(Known))]
    public void Line_of_the_list_is_known(string line)
    {
        var report = Of(line);

        Assert.That(report.Findings, Is.Not.Empty);
        Assert.That(report.Unknown, Is.Empty);
    }

    [TestCase("0.9.6-rocm-journal.log", LogVerdict.Computes, "A GPU computes: the model lies in ROCm0.")]
    [TestCase("0.32-cpu.log", LogVerdict.Cpu, "Ollama has no GPU: the CPU computes.")]
    [TestCase("0.32-igpu.log", LogVerdict.Taken, "it is not shown that it computes.")]
    [TestCase("0.5.7-real-cpu.log", LogVerdict.ModelOnCpu, "The last model lies in main memory: the CPU computes.")]
    [TestCase("0.32.15-real-cpu.log", LogVerdict.ModelOnCpu, "The last model lies in main memory: the CPU computes.")]
    [TestCase("0.13-crash.log", LogVerdict.Failed, "A GPU was tried and failed")]
    public void Log_is_judged_by_its_last_start(string name, LogVerdict verdict, string said)
    {
        var report = Of(File.ReadAllText(Path.Combine(Folder, name)));

        Assert.That(report.Verdict, Is.EqualTo(verdict));
        Assert.That(report.UsesGpu, Is.EqualTo(verdict is LogVerdict.Computes or LogVerdict.Taken));
        Assert.That(string.Join(' ', LogReportText.Lines(report)), Does.Contain(said));
    }

    [Test]
    public void Earlier_starts_are_counted_and_say_nothing_more()
    {
        var report = Of(File.ReadAllText(Path.Combine(Folder, "0.9.6-rocm-journal.log")));

        Assert.That((report.Starts, report.FirstLine, report.Version), Is.EqualTo((2, 5, "0.9.6")));
        Assert.That(report.Findings.Select(f => f.Level), Is.EqualTo(new[] { FindingLevel.Note }));
        Assert.That(report.Devices.Single(), Has.Property("Compute").EqualTo("gfx1102").And.Property("Total").EqualTo("8.0 GiB"));
        Assert.That((report.Load!.GpuLayers, report.Load.Layers, report.Load.Weights["ROCm0"]), Is.EqualTo((29, 29, "1918.35 MiB")));
        Assert.That(report.Load.Weights, Has.Count.EqualTo(1), "CPU_Mapped is main memory");
        Assert.That(report.Variables, Is.EqualTo(new Dictionary<string, string> { ["HSA_OVERRIDE_GFX_VERSION"] = "11.0.2" }));
    }

    [Test]
    public void Old_version_begins_with_the_line_that_names_it()
    {
        const string listening = "time=1 level=INFO source=a.go:1 msg=\"Listening on 127.0.0.1:11434 (version 0.1.29)\"\n";

        Assert.That(Of(listening + "panic: old\n" + listening), Has.Property("Starts").EqualTo(2).And.Property("Unknown").Empty);
    }

    [TestCase("load_tensors: offloaded 0/33 layers to GPU", LogVerdict.ModelOnCpu)]
    [TestCase("load_tensors:   CPU_Mapped model buffer size =   308.23 MiB", LogVerdict.ModelOnCpu)]
    [TestCase("load_tensors:    Vulkan0 model buffer size =   308.23 MiB", LogVerdict.Computes)]
    [TestCase("load_tensors:  ROCm_Host model buffer size =   308.23 MiB", LogVerdict.ModelOnCpu)]
    [TestCase("msg=\"model weights\" buffer=ROCm0 size=\"1.0 GiB\"", LogVerdict.Computes)]
    [TestCase("msg=\"model weights\" device=CPU size=\"1.0 GiB\"", LogVerdict.ModelOnCpu)]
    [TestCase("msg=\"starting runner\" cmd=x", LogVerdict.Taken)]
    public void Gpu_that_was_taken_is_used_only_when_the_model_lies_there(string line, LogVerdict verdict) =>
        Assert.That(Of("msg=\"inference compute\" library=ROCm\n" + line).Verdict, Is.EqualTo(verdict));

    [Test]
    public void Failure_before_a_model_was_loaded_well_does_not_decide()
    {
        const string load = "load_tensors: offloaded 2/2 layers to GPU\n",
            failure = "ROCm error: invalid device function\n";

        Assert.That(Of(failure + load), Has.Property("Verdict").EqualTo(LogVerdict.Computes).And.Property("Findings").Count.EqualTo(1));
        Assert.That(Of(load + failure).Verdict, Is.EqualTo(LogVerdict.Failed));
    }

    [TestCase("time=1 level=ERROR source=a.go:1 msg=\"a thing\" error=why", false)]
    [TestCase("time=1 level=WARN source=a.go:1 msg=\"a thing\"", false)]
    [TestCase("panic: runtime error: invalid memory address", true)]
    [TestCase("SIGSEGV: segmentation violation", true)]
    [TestCase("Nov 29 01:00:00 host systemd[1]: ollama.service: Main process exited, code=dumped, status=11/SEGV", true)]
    [TestCase("llama_model_load: error loading model: tensor 'a' not found", false)]
    [TestCase("error: no such thing", false)]
    public void Unknown_failure_is_shown(string line, bool isFatal)
    {
        var report = Of("msg=\"inference compute\" library=ROCm\n" + line + "\n" + line);

        var failure = report.Unknown.Single();
        Assert.That((failure.Count, failure.FirstLine, failure.LastLine, failure.IsFatal), Is.EqualTo((2, 2, 3, isFatal)));
        Assert.That(report.Verdict, Is.EqualTo(isFatal ? LogVerdict.Failed : LogVerdict.Taken));
        Assert.That(string.Join('\n', LogReportText.Lines(report)), Does.Contain("unknown  2 times, lines 2 to 3: "));
    }

    [Test]
    public void Many_unknown_failures_are_counted()
    {
        var report = Of(string.Join('\n', Enumerable.Range(0, 100).Select(i => $"error: number {i}")));

        Assert.That((report.Unknown.Count, report.MoreUnknown), Is.EqualTo((20, 80)));
    }

    [Test]
    public void Log_of_something_else_says_nothing_of_a_device() =>
        Assert.That(Of("hello\nworld\n"), Has.Property("Verdict").EqualTo(LogVerdict.Unknown).And.Property("UsesGpu").False);

    [TestCaseSource(nameof(Logs))]
    public void Text_fits_80_columns_and_has_no_control_character(string name)
    {
        var lines = LogReportText.Lines(Of(File.ReadAllText(Path.Combine(Folder, name)))).ToList();

        Assert.That(lines.Where(l => l.Length > 80), Is.Empty);
        Assert.That(lines.SelectMany(l => l).Where(char.IsControl), Is.Empty);
    }

    [TestCaseSource(nameof(Logs))]
    public void Record_reads_back_as_it_was(string name)
    {
        var report = Of(File.ReadAllText(Path.Combine(Folder, name)));
        var text = JsonSerializer.Serialize(report, RecordFile.Options);

        Assert.That(JsonSerializer.Deserialize<LogReport>(text, RecordFile.Options), Is.EqualTo(report).UsingPropertiesComparer());
        Assert.That(text.Where(c => char.IsControl(c) && c != '\n'), Is.Empty, "JSON escapes them");
    }

    [Test]
    public void Damaged_log_is_read_to_its_end()
    {
        var whole = Logs.Select(l => File.ReadAllBytes(Path.Combine(Folder, l))).ToList();
        Rounds.Run(random =>
        {
            var bytes = whole[random.Next(whole.Count)].ToArray();
            var from = random.Next(bytes.Length);
            bytes = bytes[from..Math.Min(bytes.Length, from + random.Next(1, 3000))];
            for (var i = random.Next(1, 20); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using var stream = new MemoryStream(bytes);
            var lines = LogReportText.Lines(Checkup.Of(stream)).ToList();
            if (lines.Any(l => l.Length > 80 || l.Any(char.IsControl)))
                Assert.Fail($"unfit for a terminal: {string.Join('|', lines.Select(l => Convert.ToHexString(Encoding.UTF8.GetBytes(l))))}");
        });
    }

    [TestCase("map[A:1 B: C:x y http_proxy:]", "A=1;B=;C=x y;http_proxy=")]
    [TestCase(
        "INFO server config env=\"map[ORIGINS:[http://a https://b:* app://*] HOST:http://0.0.0.0:1 Z:a:b]\"",
        "HOST=http://0.0.0.0:1;ORIGINS=[http://a https://b:* app://*];Z=a:b"
    )]
    [TestCase("map[A:1 B:2", "A=1;B=2")]
    [TestCase("map[", "")]
    [TestCase("map[[[[", "")]
    [TestCase("A:1", "")]
    public void Environment_is_read(string text, string expected) =>
        Assert.That(string.Join(';', ServerEnvironment.Read(text).Select(v => $"{v.Key}={v.Value}")), Is.EqualTo(expected));

    private static LogReport Of(string log, LogCheckup? checkup = null)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(log));
        return (checkup ?? Checkup).Of(stream);
    }
}
