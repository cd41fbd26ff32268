using Gfxbake.Pipeline.Serving;

namespace Gfxbake.Unit.Tests.Pipeline.Serving;

/// <summary>Against what Debian's llama.cpp 0.7.0 prints for --help (tests/fixtures/help).</summary>
public sealed class OptionWordsTests
{
    private static readonly string[][] Same =
    [
        ["--load-mode none", "--no-mmap", "--mmap 0"],
    ];

    private static readonly ProgramHelp Server = Help("llama-server");
    private static readonly ProgramHelp Bench = Help("llama-bench");

    [TestCase("--ctx-size", true)]
    [TestCase("-c", true)]
    [TestCase("--flash-attn", true)]
    [TestCase("--jinja", false)]
    [TestCase("--no-jinja", false)]
    [TestCase("--embeddings", false)]
    [TestCase("--cpu-strict", true)]
    [TestCase("--n-gpu-layers-draft", true)]
    public void Option_of_the_server_and_whether_it_takes_a_value_are_read(string name, bool takesValue) =>
        Assert.That(Server.Find(name)?.TakesValue, Is.EqualTo(takesValue));

    [TestCase("--n-gpu-layers", true)]
    [TestCase("-ngl", true)]
    [TestCase("--override-tensor", true)]
    [TestCase("-pg", true)]
    [TestCase("--progress", false)]
    public void Option_of_the_benchmark_is_read(string name, bool takesValue) =>
        Assert.That(Bench.Find(name)?.TakesValue, Is.EqualTo(takesValue));

    [Test]
    public void Words_of_the_help_s_text_are_no_options() =>
        Assert.That(Server.Names.Concat(Bench.Names), Has.None.Contains("slow").And.All.StartsWith("-").And.All.Not.EndsWith(","));

    [Test]
    public void Hostile_help_is_read_in_bounds() =>
        Assert.That(
            ProgramHelp.Parse("-" + new string('a', 3 << 20) + "\n" + string.Concat(Enumerable.Repeat("--x y\n", 100_000))).Names,
            Has.Count.LessThan(3)
        );

    [TestCase("--temprature 0.7", "llama-server of this image has no --temprature; did you mean --temp or --temperature?")]
    [TestCase("--no-mmap", "llama-server of this image has no --no-mmap: it is --load-mode none now")]
    [TestCase("--temp=0.7", "llama-server of this image has no --temp=0.7: write --temp 0.7")]
    [TestCase("--temp", "--temp of llama-server needs a value behind it")]
    [TestCase("--temp --jinja", "--temp of llama-server needs a value behind it")]
    [TestCase("--zzzzzzzzzzzzzz", "llama-server of this image has no --zzzzzzzzzzzzzz; llama-server --help lists what there is")]
    public void Unknown_option_is_one_sentence(string words, string sentence) =>
        Assert.That(new OptionWords("llama-server", Server, Same).Problems(words.Split(' ')), Is.EqualTo(new[] { sentence }));

    [TestCase("--temp -1")]
    [TestCase("-c 4096 --jinja")]
    [TestCase("--chat-template-kwargs {\"a\":1}")]
    [TestCase("word")]
    public void Known_option_is_no_problem(string words) =>
        Assert.That(new OptionWords("llama-server", Server, Same).Problems(words.Split(' ')), Is.Empty);

    [Test]
    public void What_a_person_gives_wins_by_any_of_its_names() =>
        Assert.That(
            new OptionWords("llama-server", Server, Same).Of(Options(("ctx-size", "8192"), ("jinja", "true"), ("temp", "1")), ["-c", "1"]),
            Is.EqualTo(new[] { "--jinja", "--temp", "1" })
        );

    [TestCase("--no-mmap                 do not map", "--no-mmap")]
    [TestCase("  -mmp, --mmap <0|1>      (default: 1)", "--mmap 0")]
    [TestCase("-lm, --load-mode MODE     how", "--load-mode none")]
    public void Program_of_another_age_gets_its_own_word(string help, string words) =>
        Assert.That(
            string.Join(' ', new OptionWords("p", ProgramHelp.Parse(help), Same).Of(Options(("load-mode", "none")), [])),
            Is.EqualTo(words)
        );

    [Test]
    public void Option_that_an_image_lacks_is_left_out_and_told()
    {
        List<string> notes = [];

        Assert.That(new OptionWords("llama-server", Server, Same).Of(Options(("new-thing", "1")), [], notes), Is.Empty);
        Assert.That(notes, Is.EqualTo(new[] { "llama-server of this image has no --new-thing, so it is left out." }));
    }

    [Test]
    public void Without_help_every_option_is_taken() =>
        Assert.That(
            new OptionWords("p", null, Same).Of(Options(("load-mode", "none"), ("x", "true")), []),
            Is.EqualTo(new[] { "--load-mode", "none", "--x" })
        );

    private static IEnumerable<KeyValuePair<string, string>> Options(params (string Name, string Value)[] options) =>
        options.Select(o => KeyValuePair.Create(o.Name, o.Value));

    private static ProgramHelp Help(string program) =>
        ProgramHelp.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "help", program + ".txt")));
}
