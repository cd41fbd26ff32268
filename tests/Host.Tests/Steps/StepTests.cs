using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Tar;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Steps;

[TestFixture]
internal sealed class StepTests
{
    private SampleBuild build = null!;
    private SampleStep step = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.AddTool("podman");
        step = new SampleStep();
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Step_without_a_record_is_made()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Run(), Is.EqualTo("Information: SampleStep: first run"));
            Assert.That(Record!.Text, Is.EqualTo("made 1"));
        });
    }

    [Test]
    public void Step_with_the_same_inputs_is_left_out()
    {
        Run();

        Assert.Multiple(() =>
        {
            Assert.That(Run(), Is.EqualTo("Information: SampleStep: unchanged (artifacts/sample/debian/step.json)"));
            Assert.That(step.Made, Is.EqualTo(1));
        });
    }

    [Test]
    public void Step_with_changed_inputs_names_them()
    {
        Run();
        step.Inputs = new(StringComparer.Ordinal) { ["flour"] = "changed", ["salt"] = "new" };

        Assert.Multiple(() =>
        {
            Assert.That(Run(), Is.EqualTo("Information: SampleStep: again, because of: flour, salt, water"));
            Assert.That(Record!.Inputs.Where(i => i.Key != "gfxbake"), Is.EqualTo(step.Inputs));
            Assert.That(Record!.Inputs["gfxbake"], Has.Length.EqualTo(32), "its own code counts too");
        });
    }

    [Test]
    public void Many_changed_inputs_are_counted()
    {
        Run();
        step.Inputs = new(StringComparer.Ordinal);
        for (var name = 'a'; name <= 'j'; name++)
            step.Inputs[$"{name}"] = "new";

        Assert.That(Run(), Does.EndWith(": again, because of: a, b, c, d, e, f, g, h and 4 more"));
    }

    // The digest is kept for one compilation, and another compilation is what other code comes with.
    [Test]
    public void Step_that_gets_other_code_from_outside_is_made_again()
    {
        Run();
        File.Delete(build.Open().Paths.StepCode);
        step.Oven = new HotterOven();

        Assert.That(Run(), Is.EqualTo("Information: SampleStep: again, because of: gfxbake"));
    }

    [Test]
    public void Step_whose_result_is_gone_is_made_again()
    {
        Run();
        step.IsThere = false;

        Assert.That(Run(), Is.EqualTo("Information: SampleStep: again, because its result is gone or was changed"));
    }

    [TestCase("{ \"inputs\": ")]
    [TestCase("{ \"inputs\": null, \"text\": \"x\" }")]
    [TestCase("{ \"text\": \"an older form without inputs\" }")]
    public void Step_with_an_unreadable_record_is_made(string record)
    {
        AtomicFile.WriteText(RecordPath, record);

        Assert.That(Run(), Is.EqualTo("Information: SampleStep: again, because step.json is damaged or of an older form"));
    }

    [Test]
    public void Step_that_fails_leaves_the_old_record()
    {
        Run();
        var before = File.ReadAllText(RecordPath);
        step.Inputs["flour"] = "changed";
        step.Failure = new CakeException("burnt");

        Assert.Multiple(() =>
        {
            Assert.That(() => Run(), Throws.TypeOf<CakeException>().With.Message.EqualTo("burnt"));
            Assert.That(File.ReadAllText(RecordPath), Is.EqualTo(before));
        });
    }

    [Test]
    public void Damaged_full_image_says_how_to_have_it_written_anew()
    {
        var full = build.Open().Paths.FullTar;
        step.Failure = new ImageFormatException(full, 512, "it is torn");

        Assert.That(
            () => Run(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith($"{full}: byte 512: it is torn.")
                .And.Message.Contains("\nNext: rm artifacts/sample/debian/full.tar, then")
        );
        step.Failure = new ImageFormatException(full + ":x", 512, "it is torn");
        Assert.That(() => Run(), Throws.TypeOf<ImageFormatException>());
    }

    [Test]
    public void Step_that_failed_is_made_again()
    {
        step.Failure = new CakeException("burnt");
        Assert.That(() => Run(), Throws.TypeOf<CakeException>());
        step.Failure = null;

        Assert.That(Run(), Is.EqualTo("Information: SampleStep: first run"));
    }

    [Test]
    public void Need_of_a_missing_record_names_the_target_to_run() =>
        Assert.That(
            () => build.Open().Need<SampleRecord>(RecordPath, "Dough"),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "artifacts/sample/debian/step.json is missing or of an older form; run ./build.sh --target=Dough first"
                )
        );

    [Test]
    public void Need_of_a_missing_record_speaks_of_exclusive_where_it_was_given()
    {
        build.CommandLine = CommandLine.Read(["--target=VerifyMinimal", "--exclusive"]);

        Assert.That(
            () => build.Open().Need<SampleRecord>(RecordPath, "Dough"),
            Throws.TypeOf<CakeException>().With.Message.EndsWith("run ./build.sh --target=Dough first, or leave --exclusive out")
        );
    }

    [Test]
    public void Need_of_a_missing_plan_names_the_target_to_run() =>
        Assert.That(
            () => build.Open().ReadPlan(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo("artifacts/sample/debian/plan.json is missing; run ./build.sh --target=PlanPrune first")
        );

    private string RecordPath => build.PathOf("artifacts/sample/debian/step.json");

    private SampleRecord? Record => RecordFile.TryRead<SampleRecord>(RecordPath);

    /// <summary>Runs the step once and gives the last line that it logged.</summary>
    private string Run()
    {
        step.Run(build.Open());
        return build.Log[^1];
    }
}
