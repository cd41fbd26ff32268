using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Unit.Tests.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Trace;

public sealed class TraceStepTests
{
    private SampleWorkspace workspace = null!;
    private readonly MemoryReporter reporter = new();

    [SetUp]
    public void SetUp()
    {
        workspace = new SampleWorkspace();
        workspace.Change("recipes/sample/recipe.yml", "command: [sample, --version]", "command: [sample]\n    expect: [all of it]");
    }

    [TearDown]
    public void TearDown() => workspace.Dispose();

    [Test]
    public void Words_that_strace_cost_are_those_of_a_run_without_it()
    {
        var engine = new Printing(0, "half", "all of it");
        var record = Make(engine);

        Assert.Multiple(() =>
        {
            Assert.That(record.Workloads.Select(w => w.Workload), Is.EqualTo(new[] { "run" }));
            Assert.That(engine.Traced, Is.EqualTo(new[] { true, false }));
            Assert.That(Text(), Is.EqualTo("all of it"));
        });
    }

    [Test]
    public void Program_that_never_says_all_is_refused_after_five_runs_without_strace()
    {
        var engine = new Printing(0, "half", "half", "half", "half", "half", "half", "all of it");

        Assert.That(() => Make(engine), Throws.TypeOf<StepException>().With.Message.Contains("the output lacks /all of it/"));
        Assert.That(engine.Traced, Is.EqualTo(new[] { true, false, false, false, false, false }));
    }

    [Test]
    public void Program_that_fails_without_strace_is_refused_even_where_strace_cost_its_words()
    {
        workspace.Change("recipes/sample/recipe.yml", "expect: [all of it]", "expect: [all of it]\n    reject: [no GPU]");

        Assert.That(
            () => Make(new Printing(0, "half", "no GPU, all of it")),
            Throws.TypeOf<StepException>().With.Message.Contains("the output has /no GPU/")
        );
    }

    [Test]
    public void Program_that_gave_up_by_itself_is_traced_once_more()
    {
        workspace.Change("recipes/sample/recipe.yml", "expect: [all of it]", "expect: [all of it]\n    again: [too slow]");
        var engine = new Printing(0, "too slow", "all of it");
        Make(engine);

        Assert.That(engine.Traced, Is.EqualTo(new[] { true, true }));
        Assert.That(reporter.Lines, Has.Some.EndsWith("gave up by itself; once more"));
    }

    [Test]
    public void Two_cut_texts_that_are_equal_are_no_whole_one()
    {
        workspace.Change("recipes/sample/recipe.yml", "expect: [all of it]", "expect: [all of it]\n    compare: stdout");
        Make(new Printing(0, "half", "half", "half", "all of it", "half", "all of it"));

        Assert.That(Text(), Is.EqualTo("all of it"));
    }

    [Test]
    public void What_is_compared_later_is_what_two_runs_gave()
    {
        workspace.Change("recipes/sample/recipe.yml", "expect: [all of it]", "expect: [all of it]\n    compare: stdout");
        Make(new Printing(0, "# all of it", "## all of it", "## all of it"));

        Assert.That(Text(), Is.EqualTo("## all of it"));
    }

    [Test]
    public void Program_that_says_something_else_each_time_is_refused()
    {
        workspace.Change("recipes/sample/recipe.yml", "expect: [all of it]", "expect: [all of it]\n    compare: stdout");

        Assert.That(
            () =>
                Make(
                    new Printing(0, "1 all of it", "2 all of it", "3 all of it", "4 all of it", "5 all of it", "6 all of it", "7 all of it")
                ),
            Throws.TypeOf<StepException>().With.Message.Contains("gives another text each time (6 runs)")
        );
    }

    [Test]
    public void Program_that_fails_runs_once()
    {
        var engine = new Printing(1, "half", "all of it");

        Assert.That(() => Make(engine), Throws.TypeOf<StepException>());
        Assert.That(engine.Traced, Is.EqualTo(new[] { true }));
    }

    [Test]
    public void Command_of_the_base_installs_strace()
    {
        var without = new Printing(0, "all of it");
        Make(without);
        workspace.Change(
            "recipes/sample/recipe.yml",
            "      bootstrap:",
            "      trace: {strace: dnf install strace, compiler: dnf install gcc}\n      bootstrap:"
        );
        var with = new Printing(0, "all of it");
        Make(with);

        Assert.That(without.Arguments.Keys, Is.EquivalentTo(new[] { "FULL", "RUN_USER" }));
        Assert.That(with.Arguments["INSTALL_STRACE"], Is.EqualTo("dnf install strace"));
    }

    private string Text() => RecordFile.TryRead<WorkloadResult>(workspace.Open().Paths.TraceResult("run"))!.Stdout;

    private TraceRecord Make(Printing engine)
    {
        var step = new TraceStep();
        var input = step.Gather(workspace.Open(), engine);
        return step.Make(
            input with
            {
                Workloads = [.. input.Workloads.Where(w => w.Name == "run")],
            },
            engine,
            reporter,
            CancellationToken.None
        );
    }

    /// <summary>An engine whose containers print one text after the other, and leave a log of strace.</summary>
    private sealed class Printing(int status, params string[] texts) : IEngine
    {
        /// <summary>Whether strace ran the program, for each container that was started.</summary>
        public List<bool> Traced { get; } = [];

        public string Name => "printing";

        public string Path => "/usr/bin/printing";

        public IReadOnlyList<string> ContainerFlags => [];

        public string? ImageId(string image) => image;

        public bool StillHas(string id, string name) => true;

        public void Tag(string id, string name) { }

        public void Remove(string name) { }

        public IReadOnlyList<string> Layers(string id) => [];

        public string From(string name, string id) => id;

        public IReadOnlyDictionary<string, string> Arguments { get; private set; } = new Dictionary<string, string>();

        public string Build(ImageBuild build)
        {
            Arguments = build.Arguments;
            return "trace-id";
        }

        public void NeedBuiltOn(string image, string name, string below) { }

        public void Export(string id, string file) => throw new NotSupportedException();

        public void Save(string name, Stream output, IProgress<long> progress) => throw new NotSupportedException();

        public void CopyOut(string id, string path, string to) => throw new NotSupportedException();

        public string Inspect(string id) => throw new NotSupportedException();

        public IContainer Start(ContainerStart start)
        {
            var traces = start.Mounts.SingleOrDefault(m => m.Writable);
            if (traces is not null)
                File.WriteAllText(System.IO.Path.Combine(traces.Source, "strace"), "1 +++ exited with 0 +++\n");
            Traced.Add(traces is not null);
            return new Ended(status, texts[Traced.Count - 1]);
        }

        public void Sleep(TimeSpan time) { }
    }

    private sealed class Ended(int status, string text) : IContainer
    {
        public bool HasExited => true;

        public string Stdout => text;

        public string Stderr => "";

        public int? Wait(TimeSpan limit) => status;

        public void Kill() { }

        public Uri? Address(int port) => null;

        public IReadOnlyList<string> Execute(TimeSpan limit, params IEnumerable<string> words) => throw new NotSupportedException();

        public IReadOnlyList<string> Maps(IReadOnlyList<string> words) => throw new NotSupportedException();

        public void Interrupt() => throw new NotSupportedException();

        public void Dispose() { }
    }
}
