using Gfxbake.Pipeline.Check;
using static Gfxbake.Unit.Tests.Pipeline.Check.SampleCheck;

namespace Gfxbake.Unit.Tests.Pipeline.Check;

public sealed class GpuJudgeTests
{
    [Test]
    public void Gpu_that_computes_as_the_cpu_passes_with_what_is_known_of_it()
    {
        var found = Judge(Result(Good.Replace("\"logprob\":-2.5", "\"logprob\":-2.4"), Used));

        Assert.Multiple(() =>
        {
            Assert.That(found.Verdict, Is.EqualTo(GpuVerdict.Passed));
            Assert.That(found.Problems, Is.Empty);
            Assert.That(found.Shown, Is.EqualTo(new Dictionary<string, string> { ["device"] = "G0 (a GPU)", ["layers"] = "3/3" }));
            Assert.That((found.Kernels, found.DifferentKernels), Is.EqualTo((3L, 2)));
            Assert.That(found.Libraries, Is.EqualTo(new[] { "/usr/lib/libback.so", "/usr/lib/libgpu.so.7.2" }));
            Assert.That(found.Numbers.Single().Compared, Is.EqualTo(4));
            Assert.That(found.Numbers.Single().Largest, Is.EqualTo(0.1).Within(1e-9));
        });
    }

    [Test]
    public void Null_gpu_is_used_and_never_passes()
    {
        var nonsense = Good.Replace("\"logprob\":-2.5", "\"logprob\":-20");

        var found = Judge(Result(nonsense, Used), computes: false);

        Assert.Multiple(() =>
        {
            Assert.That(found.Verdict, Is.EqualTo(GpuVerdict.NotCompared));
            Assert.That(found.Numbers, Is.Empty);
            Assert.That(found.Kernels, Is.Null, "it was not asked");
        });
    }

    [Test]
    public void Answer_without_numbers_is_not_compared()
    {
        var plain = Workload with { Serve = Workload.Serve! with { Requests = [new() { Path = "/hear" }] } };

        Assert.That(Judge(workload: plain).Verdict, Is.EqualTo(GpuVerdict.NotCompared));
    }

    // What ggml does when it finds no device, with status 0.
    [TestCase("no GPU, using the CPU\n", "the output lacks /offloaded 3/3/", "the output has /no GPU/: no GPU, using the CPU")]
    [TestCase("offloaded 1/3 layers\nran add\n", "the output lacks /offloaded 3/3/", null)]
    [TestCase("offloaded 3/3 layers\n", @"it tells of no kernel that ran: the output lacks /^ran (?<kernel>\w+)/", null)]
    public void Answer_of_the_cpu_is_a_fallback(string output, string problem, string? other)
    {
        var found = Judge(Result(Good, output));

        Assert.That(found.Verdict, Is.EqualTo(GpuVerdict.CpuFallback));
        Assert.That(found.Problems, Is.EqualTo(other is null ? [problem] : new[] { problem, other }));
    }

    [Test]
    public void Library_that_was_not_loaded_is_named()
    {
        var found = Judge(Result(Good, "no GPU\n"), maps: [.. Maps.Where(m => !m.Contains("libback"))]);

        Assert.That(found.Verdict, Is.EqualTo(GpuVerdict.MissingLibrary));
        Assert.That(found.Problems[0], Is.EqualTo("it ran without libback.so"));
        Assert.That(found.Libraries, Is.EqualTo(new[] { "/usr/lib/libgpu.so.7.2" }));
    }

    // As wrong as one bit of a shader makes it (docs/devices.md), and a NaN.
    [TestCase("-6", "token 2 't2' at position 1 has the log probability -6, the CPU's is -2.5: 3.5 apart, 0.5 is allowed")]
    [TestCase(
        "null",
        "POST /completion: the answer has no finite number 'logprob' for token 2 at position 1, entry 2: "
            + "null, which stands for a NaN or an infinity"
    )]
    public void Numbers_of_another_kind_are_wrong(string number, string problem)
    {
        var found = Judge(Result(Good.Replace("\"logprob\":-2.5", $"\"logprob\":{number}"), Used));

        Assert.That(found.Verdict, Is.EqualTo(GpuVerdict.WrongNumbers));
        Assert.That(found.Problems, Is.EqualTo(new[] { problem }));
    }

    [Test]
    public void Too_few_numbers_are_wrong() =>
        Assert.That(
            Judge(Result(Numbers.Completions.Of([(1, -0.1), (2, -2.5)]), Used)).Problems,
            Is.EqualTo(new[] { "only 2 log probabilities can be compared with the CPU's, at least 4 must be" })
        );

    [Test]
    public void Program_that_fails_on_the_gpu_has_no_other_verdict()
    {
        var found = Judge(Result("", "device G0 (a GPU) ready\nCUBLAS_STATUS_INTERNAL_ERROR\n", status: 134, answered: 0), maps: []);

        Assert.That(found.Verdict, Is.EqualTo(GpuVerdict.Failed));
        Assert.That(found.Problems[0], Is.EqualTo("exit status 134: CUBLAS_STATUS_INTERNAL_ERROR"));
        Assert.That(found.Shown["device"], Is.EqualTo("G0 (a GPU)"));
    }

    [Test]
    public void Server_that_ended_before_it_was_asked_is_told_with_its_last_words()
    {
        var ended = Result("", "loading\nversion not found\n", status: 1) with { Answers = [], Failure = "the server ended" };

        Assert.That(Judge(ended, maps: []).Problems.Take(2), Is.EqualTo(new[] { "the server ended", "its last words: version not found" }));
    }

    [Test]
    public void Run_whose_libraries_nobody_could_read_is_no_success() =>
        Assert.That(Judge(maps: []).Problems, Is.EqualTo(new[] { "which libraries it has loaded could not be read" }));

    [Test]
    public void Reference_that_failed_is_none()
    {
        var found = Judge(cpu: Result("", "out of memory\n", status: 1, answered: 0));

        Assert.That(found.Verdict, Is.EqualTo(GpuVerdict.Failed));
        Assert.That(found.Problems[0], Is.EqualTo("on the CPU: exit status 1: out of memory"));
    }

    [Test]
    public void Reference_of_the_gpu_itself_is_none() =>
        Assert.That(
            Judge(cpu: Result(Good, Used)).Problems,
            Is.EqualTo(new[] { "on the CPU: it used the GPU all the same, so there is nothing to compare with" })
        );

    [Test]
    public void Line_that_counts_several_kernels_counts_as_many()
    {
        var check = Workload.Check! with { Kernels = @"^(?<kernel>[A-Z]+): (?<count>\d+) x" };

        var said = GpuOutput.Read(check, "MUL: 4 x 1 us\nADD: 3 x 2 us\nMUL: 2 x 1 us\nADD: 99999999999999999999 x 1\n");

        Assert.That((said.Kernels, said.Different), Is.EqualTo((10L, 2)));
    }

    [Test]
    public void What_is_shown_is_short_and_visible()
    {
        var check = Workload.Check! with
        {
            Shows = new Dictionary<string, string> { ["all"] = "(?<shown>.+)", ["none"] = "(?<shown>zzz)" },
        };

        var shown = GpuOutput.Read(check, "\u001b[31m" + new string('x', 500)).Shown;

        Assert.That(shown.Keys, Is.EqualTo(new[] { "all" }));
        Assert.That(shown["all"], Does.StartWith(@"\x1b[31mxxx").And.Length.EqualTo(121));
    }

    [Test]
    public void Mapped_libraries_are_read_with_spaces_and_once() =>
        Assert.That(
            LoadedFiles.Read([
                .. Maps,
                "1-2 r--p 00000000 08:01 45      /opt/a b/libc.so (deleted)",
                "",
                "nonsense",
                "1-2 r--p 0 0:0 1 relative.so",
            ]),
            Is.EqualTo(new[] { "/opt/a b/libc.so (deleted)", "/usr/lib/libback.so", "/usr/lib/libgpu.so.7.2" })
        );

    [TestCase("libgpu.so", "/usr/lib/libgpu.so.7.2")]
    [TestCase("libother.so|libback.so", "/usr/lib/libback.so")]
    [TestCase("libgp.so", null)]
    [TestCase("libback.s", null)]
    public void Library_is_found_whatever_its_version(string name, string? path) =>
        Assert.That(LoadedFiles.Find(LoadedFiles.Read(Maps), name), Is.EqualTo(path));
}
