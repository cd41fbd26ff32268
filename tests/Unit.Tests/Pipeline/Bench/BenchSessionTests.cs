using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Unit.Tests.Pipeline.Bench;

public sealed class BenchSessionTests
{
    private static readonly BenchDevice NullGpu = new("the null GPU", false, false, null);
    private static readonly string[] Proofs = [SampleBench.Facts.Proof, "gfxbake-nullgpu: dispatches [1-9]"];

    [Test]
    public void Rows_become_curves()
    {
        var session = On(SampleBench.Empty(), "cpu");

        Assert.That(session.Left, Is.Empty);
        Assert.That(session.Record.Missing, Is.Empty);
        Assert.That(
            session.Record.Series.Select(s => (s.Name, s.Unit, s.Points.Count)),
            Is.EqualTo(new[] { ("pp64", "tokens/s", 2), ("tg4", "tokens/s", 2) })
        );
        Assert.That(session.Record.Settings["load_mode"], Is.EqualTo("auto"));
        Assert.That(session.Record.Subject.Versions, Contains.Key("build_number").And.ContainKey("image"));
    }

    [Test]
    public void Depth_that_was_not_measured_whole_is_measured_again()
    {
        var half = On(SampleBench.Empty(), "cpu", rows: 3).Record;
        Assert.That(half.Missing, Is.EqualTo(new[] { "tg4 at depth 128: 0 of 2 samples" }));

        var next = new BenchSession(half, SampleBench.Facts, []);

        Assert.That(next.Left, Is.EqualTo(new long[] { 128 }));
        Assert.That(next.Record.Series[0].Points.Select(p => p.X), Is.EqualTo(new long[] { 0 }), "the half depth is out");
    }

    [Test]
    public void Interrupted_run_of_the_same_goes_on()
    {
        var half = On(SampleBench.Empty(), "cpu", rows: 2).Record;
        var wanted = SampleBench.Empty();

        Assert.That(Continues(half, wanted), Is.True);
        Assert.That(Continues(half, wanted with { Subject = wanted.Subject with { Image = "0" } }), Is.False, "another image");
        Assert.That(Continues(half, wanted with { Model = wanted.Model with { Digest = "0" } }), Is.False, "another model");
        Assert.That(Continues(half, wanted with { Device = NullGpu }), Is.False, "another device");
        Assert.That(
            Continues(half, wanted with { Settings = new Dictionary<string, string> { ["arguments"] = "--flash-attn off" } }),
            Is.False,
            "other settings"
        );
        Assert.That(
            Continues(half, wanted with { Host = new Dictionary<string, string> { ["kernel"] = "6.19" } }),
            Is.False,
            "another kernel"
        );
        Assert.That(Continues(half, SampleBench.Empty(profile: SampleBench.Profile with { Depths = [0, 256] })), Is.False, "other depths");
        Assert.That(Continues(On(SampleBench.Empty(), "cpu").Record, wanted), Is.False, "it is complete");
    }

    [Test]
    public void Other_settings_do_not_get_into_the_same_record()
    {
        var half = On(SampleBench.Empty(), "cpu", rows: 2).Record;
        var row = SampleBench.Rows("cpu")[2].Replace("\"n_ubatch\": 512", "\"n_ubatch\": 1024", StringComparison.Ordinal);

        Assert.That(
            () => new BenchSession(half, SampleBench.Facts, []).Output(row),
            Throws.TypeOf<BenchException>().With.Message.Contains("n_ubatch was 512 and is 1024")
        );
    }

    [TestCase("\"n_depth\": 128", "\"n_depth\": 129", "which nobody asked for")]
    [TestCase("\"n_prompt\": 64", "\"n_prompt\": 65", "which nobody asked for")]
    [TestCase("\"n_gen\": 0", "\"n_gen\": 4", "which nobody asked for")]
    [TestCase("samples_ts\": [ ", "samples_ts\": [ 1.0, ", "took 3 samples of pp64 at depth 128, not 2")]
    public void Row_that_was_not_asked_for_is_refused(string from, string to, string message)
    {
        var row = SampleBench.Rows("cpu")[2];
        Assert.That(row, Does.Contain(from));

        Assert.That(
            () => new BenchSession(SampleBench.Empty(), SampleBench.Facts, []).Output(row.Replace(from, to, StringComparison.Ordinal)),
            Throws.TypeOf<BenchException>().With.Message.Contains(message)
        );
    }

    [Test]
    public void Device_is_proven_by_every_line()
    {
        var session = new BenchSession(SampleBench.Empty(NullGpu), SampleBench.Facts, Proofs);

        session.Error("load_tensors: offloaded 0/3 layers to GPU");
        Assert.That(session.IsProven, Is.False);
        session.Error("load_tensors: offloaded 3/3 layers to GPU");
        Assert.That((session.IsProven, session.Record.Device.Proof), Is.EqualTo((false, (string?)null)));
        session.Error("gfxbake-nullgpu: dispatches 1188 barriers 346 copies 62 fills 0");

        Assert.That(session.IsProven, Is.True);
        Assert.That(
            session.Record.Device.Proof,
            Is.EqualTo("load_tensors: offloaded 3/3 layers to GPU; gfxbake-nullgpu: dispatches 1188 barriers 346 copies 62 fills 0")
        );
    }

    [Test]
    public void Time_left_follows_from_the_rates()
    {
        var profile = SampleBench.Profile with { Depths = [0, 1000, 2000], Prompt = 500, Generate = 50 };
        var session = new BenchSession(SampleBench.Empty(profile: profile), SampleBench.Facts, []);
        Assert.That(session.SecondsLeft, Is.Null);

        session.Output("""{"n_prompt": 500, "n_gen": 0, "n_depth": 0, "samples_ts": [100, 100]}""");
        Assert.That(session.SecondsLeft, Is.Null, "nothing is known of writing");
        session.Output("""{"n_prompt": 0, "n_gen": 50, "n_depth": 0, "samples_ts": [10, 10]}""");

        // Two depths: 1000 and 2000 tokens before, 500 of a warm-up and twice 500; and twice 50 each.
        Assert.That(session.SecondsLeft, Is.EqualTo(((3000 + (2 * 3 * 500)) / 100.0) + (2 * 2 * 50 / 10.0)));
    }

    private static bool Continues(BenchRecord earlier, BenchRecord wanted) => BenchSession.Continues(SampleBench.FileOf(earlier), [wanted]);

    private static BenchSession On(BenchRecord record, string device, int rows = int.MaxValue)
    {
        var session = new BenchSession(record, SampleBench.Facts, []);
        foreach (var row in SampleBench.Rows(device).Take(rows))
            session.Output(row);
        return session;
    }
}
