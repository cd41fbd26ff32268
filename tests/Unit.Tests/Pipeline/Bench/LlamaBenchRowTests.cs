using System.Text;
using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Unit.Tests.Pipeline.Bench;

public sealed class LlamaBenchRowTests
{
    private const string Row = """{"n_prompt": 512, "n_gen": 0, "n_depth": 8192, "samples_ts": [ 301.5, 299.25 ], "load_mode": "none"}""";

    [Test]
    public void Rows_of_a_real_run_are_read_by_their_keys()
    {
        var rows = SampleBench.Rows("cpu").Select(r => LlamaBenchRow.Read(r, SampleBench.Facts)).ToList();

        Assert.That(
            rows.Select(r => (r.Series, r.Depth, r.Samples.Count)),
            Is.EqualTo(new[] { ("pp64", 0L, 2), ("tg4", 0L, 2), ("pp64", 128L, 2), ("tg4", 128L, 2) })
        );
        Assert.That(
            rows[0].Versions,
            Is.EqualTo(new Dictionary<string, string> { ["build_number"] = "11669", ["build_commit"] = "Debian" })
        );
        Assert.That(rows[0].Settings["load_mode"], Is.EqualTo("auto"));
        Assert.That(rows[0].Settings["flash_attn"], Is.EqualTo("1"));
        Assert.That(rows[0].Settings, Does.Not.ContainKey("use_mmap"), "an older build's key");
    }

    [Test]
    public void Unknown_keys_and_another_order_change_nothing()
    {
        var row = LlamaBenchRow.Read("""{"new": {"a": [1]}, "use_mmap": true, """ + Row[1..], SampleBench.Facts);

        Assert.That((row.Series, row.Depth, row.Samples), Is.EqualTo(("pp512", 8192L, new[] { 301.5, 299.25 })));
        Assert.That(row.Settings, Is.EqualTo(new Dictionary<string, string> { ["load_mode"] = "none", ["use_mmap"] = "true" }));
    }

    [TestCase("n_prompt", "a row has no number n_prompt")]
    [TestCase("n_gen", "a row has no number n_gen")]
    [TestCase("n_depth", "a row has no number n_depth")]
    [TestCase("samples_ts", "a row has no list samples_ts")]
    public void Missing_key_is_named(string key, string message) =>
        Assert.That(
            () => LlamaBenchRow.Read(Row.Replace(key, "other", StringComparison.Ordinal), SampleBench.Facts),
            Throws.TypeOf<BenchException>().With.Message.Contains(message)
        );

    [TestCase("[1]", "a row is no JSON object")]
    [TestCase("| model | size |", "a row is no JSON")]
    [TestCase("""{"n_prompt": -1}""", "a row has no number n_prompt")]
    [TestCase("""{"n_prompt": 1e99}""", "a row has no number n_prompt")]
    [TestCase("""{"n_prompt": 1, "n_gen": 0, "n_depth": 0, "samples_ts": []}""", "samples_ts has 0 samples")]
    [TestCase("""{"n_prompt": 1, "n_gen": 0, "n_depth": 0, "samples_ts": [0]}""", "no positive number")]
    [TestCase("""{"n_prompt": 1, "n_gen": 0, "n_depth": 0, "samples_ts": [1e999]}""", "no positive number")]
    [TestCase("""{"n_prompt": 1, "n_gen": 0, "n_depth": 0, "samples_ts": ["9"]}""", "no positive number")]
    public void Hostile_row_is_refused(string line, string message) =>
        Assert.That(() => LlamaBenchRow.Read(line, SampleBench.Facts), Throws.TypeOf<BenchException>().With.Message.Contains(message));

    [Test]
    public void Long_row_is_refused_and_a_long_value_cut()
    {
        Assert.That(
            () => LlamaBenchRow.Read(new string(' ', 1 << 17), SampleBench.Facts),
            Throws.TypeOf<BenchException>().With.Message.Contains("longer than 65536 characters")
        );

        var row = LlamaBenchRow.Read(Row.Replace("none", new string('x', 5000), StringComparison.Ordinal), SampleBench.Facts);
        Assert.That(row.Settings["load_mode"], Has.Length.EqualTo(201));
    }

    [Test]
    public void Whatever_a_row_holds_it_is_read_or_refused_in_a_sentence()
    {
        var real = Encoding.UTF8.GetBytes(SampleBench.Rows("lavapipe")[0]);
        Rounds.Run(random =>
        {
            var bytes = (byte[])real.Clone();
            for (var i = random.Next(1, 5); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                LlamaBenchRow.Read(Encoding.UTF8.GetString(bytes), SampleBench.Facts);
            }
            catch (BenchException exception)
            {
                Assert.That(exception.Message, Has.Length.LessThan(400));
            }
        });
    }
}
