using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>Pairs of classes stand in for one class before and after a change.</summary>
public sealed class CodeDigestTests
{
    private static class Plain
    {
        public static int Make() => Used(1);

        public static string Colour() => "red";

        private static int Used(int n) => n + 1;
    }

    private interface IOven
    {
        int Heat();

        int Light();
    }

    private sealed class Gas : IOven
    {
        public int Heat() => 200;

        public int Light() => 1;
    }

    private sealed class HotterGas : IOven
    {
        public int Heat() => 250;

        public int Light() => 1;
    }

    private sealed class BrighterGas : IOven
    {
        public int Heat() => 200;

        public int Light() => 2;
    }

    private static class Baker
    {
        public static int Make(IOven oven) => oven.Heat();
    }

    private static class Lazy
    {
        public static IEnumerable<int> Make() => new[] { 1 }.Select(n => Helper.Of(n));

        private static class Helper
        {
            public static int Of(int n) => Deep.Constant + n;
        }
    }

    private static class Deep
    {
        public static readonly int Constant = int.Parse("7");
    }

    private class Above
    {
        public static int Make() => 3;
    }

    private sealed class Below : Above;

    [Test]
    public void Same_code_has_the_same_digest()
    {
        var once = Text(typeof(Plain));

        Assert.That(Text(typeof(Plain)), Is.EqualTo(once).And.Length.EqualTo(32));
    }

    [Test]
    public void Bodies_count_and_not_only_names() =>
        Assert.That(
            CodeDigest.Of(typeof(Baker), "Make", typeof(Gas)),
            Is.Not.EqualTo(CodeDigest.Of(typeof(Baker), "Make", typeof(HotterGas)))
        );

    [Test]
    public void Method_that_the_work_does_not_reach_counts_for_nothing() =>
        Assert.That(CodeDigest.Methods(typeof(Plain), "Make"), Has.None.Contain("Colour").And.Some.Contain("Used"));

    [Test]
    public void Called_method_of_what_is_given_from_outside_counts() =>
        Assert.That(CodeDigest.Methods(typeof(Baker), "Make", typeof(HotterGas)), Has.Some.Contain("HotterGas::Heat"));

    [Test]
    public void Uncalled_method_of_what_is_given_from_outside_counts_for_nothing() =>
        Assert.That(CodeDigest.Methods(typeof(Baker), "Make", typeof(BrighterGas)), Has.None.Contain("::Light"));

    [Test]
    public void Lambdas_and_what_sets_static_fields_count() =>
        Assert.That(CodeDigest.Methods(typeof(Lazy), "Make"), Has.Some.Contain("Helper::Of").And.Some.Contain("Deep::.cctor"));

    [Test]
    public void Inherited_work_counts() => Assert.That(CodeDigest.Methods(typeof(Below), "Make"), Has.Some.Contain("Above::Make"));

    [Test]
    public void Step_of_the_plan_reaches_the_planner_and_not_the_report()
    {
        var methods = CodeDigest.Methods(typeof(Gfxbake.Pipeline.Plan.Pruning.PlanStep), "Make", typeof(FakeEngine));

        Assert.That(
            methods,
            Has.Some.Contain("PrunePlanner::Plan").And.Some.Contain("ElfReader").And.None.Contain("Report.").And.None.Contain("RecipeBook")
        );
    }

    [Test]
    public void Step_of_the_proof_reaches_what_starts_its_containers() =>
        Assert.That(
            CodeDigest.Methods(typeof(Gfxbake.Pipeline.Verify.VerifyStep), "Make", typeof(FakeEngine)),
            Has.Some.Contain("FakeEngine::Start").And.Some.Contain("WorkloadRunner::Settings").And.None.Contain("FakeEngine::Build")
        );

    private static string Text(Type work) => CodeDigest.Of(work, "Make");
}
