using Cake.Core;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Host.Tests;

[TestFixture]
internal sealed class BuildLifetimeTests
{
    private static readonly string[] Targets = ["BaseImage", "FullImage"];

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.AddSource("https://example.org/tool", "v1", new string('1', 40));
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [TestCase("offload=zip", "--offload is 'zip'")]
    [TestCase("variant=native with=slow", "--with=slow: unknown switch; known: fast")]
    [TestCase("variant=native source=nowhere", "--source=nowhere: there is no folder ")]
    [TestCase("standins=a,", "--standins is 'a,'; it is names with commas between them, or none alone")]
    [TestCase("standins=other,none", "--standins is 'other,none'; it is names with commas between them, or none alone")]
    [TestCase("standins=llvm-of-rad", "--standins: unknown stand-in 'llvm-of-rad', did you mean llvm-of-radv?; known: llvm-of-radv, other")]
    [TestCase("standins=other,other", "--standins: the stand-in 'other' is named twice")]
    [TestCase("jobs=4", "--jobs: variant debian compiles nothing; variants that do: native")]
    [TestCase("recipe=sample variant=fedora", "unknown variant 'fedora' of sample; known: debian, native")]
    public void Argument_that_can_not_be_is_refused_before_anything_runs(string arguments, string message)
    {
        Assert.That(() => Check(arguments, Targets), Throws.TypeOf<CakeException>().With.Message.StartsWith(message));
        Assert.That(build.Processes.Calls, Is.Empty);
    }

    [Test]
    public void Refresh_that_would_be_answered_from_the_cache_is_refused_before_anything_runs()
    {
        Assert.That(
            () => Check("refresh=true", Targets),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("--refresh: docker/full.Dockerfile does not COPY apt-preferences")
        );
        Assert.That(build.Processes.Calls, Is.Empty);
    }

    [Test]
    public void Refresh_against_a_lock_is_refused_before_anything_runs_with_the_command_that_takes_newer_versions()
    {
        File.WriteAllText(build.PathOf("recipes/sample/native.lock"), "libc6 1\n");

        Assert.That(
            () => Check("variant=native refresh=true", Targets),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith("--refresh: recipes/sample/native.lock holds the versions; ")
                .And.Message.Contains("./build.sh --target=FullImage --variant=native --refresh --update-lock")
        );
        Assert.That(build.Processes.Calls, Is.Empty);
    }

    [Test]
    public void Recipe_that_is_not_there_is_refused_before_anything_runs() =>
        Assert.That(
            () => Check("recipe=simple", "Help"),
            Throws.TypeOf<RecipeException>().With.Message.StartsWith("unknown recipe 'simple'")
        );

    [TestCase("jobs=4", "SlimLibrary")]
    [TestCase("variant=fedora", "Matrix")]
    [TestCase("variant=native jobs=4 with=fast", "FullImage")]
    public void Argument_that_can_be_passes(string arguments, params string[] targets) =>
        Assert.That(() => Check(arguments, targets), Throws.Nothing);

    [TestCase("Bench")]
    [TestCase("Emulate")]
    [TestCase("RocmBench")]
    [TestCase("Run")]
    public void Words_for_a_program_reach_the_target_that_starts_one(string target)
    {
        build.CommandLine = CommandLine.Read(["--target=" + target, "--", "llama-bench", "--list-devices"]);

        Assert.That(() => BuildLifetime.Check(build.Open(), [target]), Throws.Nothing);
    }

    private void Check(string arguments, params string[] targets) =>
        BuildLifetime.Check(build.Open([.. arguments.Split(' ').Select(a => a.Split('=', 2)).Select(a => (a[0], a[1]))]), targets);
}
