using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Pipeline.Numbers;

namespace Gfxbake.Unit.Tests.Pipeline.Trace;

public sealed class WorkloadNumbersTests
{
    private static readonly HttpProbe Asking = new() { Path = "/completion", Json = "{\"n_probs\":12}" };

    private static readonly HttpProbe Compared = Asking with
    {
        Numbers = new NumberLimits
        {
            Against = "cpu",
            Largest = 0.02,
            Least = 36,
        },
    };

    // The same request stands elsewhere in the other's list.
    private static readonly Workload Cpu = Server("cpu", new HttpProbe { Path = "/health" }, Asking with { Json = "{}" }, Asking);
    private static readonly Workload Device = Server("device", Compared);

    [Test]
    public void Answer_is_compared_with_that_to_the_same_request()
    {
        var outcome = Compare(Completions.Real("f16"), Completions.Real("f16"));

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Problems, Is.Empty);
            Assert.That(
                outcome.Found.Select(f => (f.Request, f.Against, f.Compared)),
                Is.EqualTo(new[] { ("POST /completion", "cpu", 36) })
            );
        });
    }

    [Test]
    public void Numbers_that_are_too_far_off_are_kept_with_their_problem()
    {
        var outcome = Compare(Completions.Real("f16"), Completions.Real("q8_0"));

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Found, Has.Count.EqualTo(1));
            Assert.That(outcome.Problems, Has.Some.Contains("0.159876 apart, 0.02 is allowed"));
            Assert.That(outcome.Problems, Has.Some.Contains("only 23 log probabilities"));
        });
    }

    [TestCase("{\"completion_probabilities\":null}", "POST /completion can't be compared: the answer has no list of positions")]
    [TestCase("x\nsha256:00", "POST /completion can't be compared: the answer is longer than 4 MiB")]
    public void Answer_that_is_none_is_a_problem(string body, string problem)
    {
        var outcome = Compare(Completions.Real("f16"), body);

        Assert.That(outcome.Found, Is.Empty);
        Assert.That(outcome.Problems, Has.Exactly(1).StartsWith(problem));
    }

    [TestCase(0)]
    [TestCase(500)]
    public void Full_image_without_the_answer_is_a_problem(int status)
    {
        var outcome = new WorkloadNumbers(
            [Cpu, Device],
            _ => Result("cpu", Answer("a"), Answer("b"), Answer("c") with { Status = status })
        ).Compare(Device, Result("device", Answer(Completions.Real("f16"))));

        Assert.That(outcome.Problems, Is.EqualTo(new[] { "POST /completion can't be compared: cpu got no such answer in the full image" }));
    }

    // It is told once, by the check of the answers.
    [Test]
    public void Request_that_failed_is_not_compared()
    {
        var numbers = new WorkloadNumbers([Cpu, Device], _ => throw new InvalidOperationException("nothing is read"));

        Assert.That(numbers.Compare(Device, Result("device", Answer("refused") with { Status = 0 })).Problems, Is.Empty);
        Assert.That(numbers.Compare(Device, Result("device")).Problems, Is.Empty);
        Assert.That(numbers.Compare(Cpu, Result("cpu", Answer("x"), Answer("y"), Answer("z"))).Problems, Is.Empty);
    }

    [Test]
    public void Verdict_is_read_back_as_it_was_written()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("gfxbake-verdict").FullName, "verify.json");
        var outcome = Compare(Completions.Real("f16").Replace(" GPU", "</script>\\u202e\\\""), Completions.Real("q8_0"));
        var verdict = new WorkloadVerdict("device", "beside", "lavapipe", outcome.Problems) { Numbers = outcome.Found };

        RecordFile.Write(file, verdict);

        Assert.That(RecordFile.TryRead<WorkloadVerdict>(file), Is.EqualTo(verdict).UsingPropertiesComparer());
        Assert.That(File.ReadAllText(file), Does.Contain("\"largest\": 0.159876").And.Contain("\"limit\": 0.02"));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static WorkloadNumbers.Outcome Compare(string full, string measured) =>
        new WorkloadNumbers(
            [Cpu, Device],
            name => name == "cpu" ? Result(name, Answer("ok"), Answer("{}"), Answer(full)) : throw new InvalidOperationException(name)
        ).Compare(Device, Result("device", Answer(measured)));

    private static HttpAnswer Answer(string body) => new("POST /completion", 200, body);

    private static WorkloadResult Result(string name, params HttpAnswer[] answers) =>
        new()
        {
            Name = name,
            ExitCode = 0,
            Stdout = "",
            Stderr = "",
            Answers = answers,
        };

    private static Workload Server(string name, params HttpProbe[] requests) =>
        new()
        {
            Name = name,
            Command = ["x"],
            Serve = new Serve
            {
                Port = 1,
                Ready = "/",
                Requests = requests,
            },
        };
}
