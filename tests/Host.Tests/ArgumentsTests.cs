using Cake.Core;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests;

[TestFixture]
internal sealed class ArgumentsTests
{
    private Fixture fixture = null!;

    [SetUp]
    public void SetUp() => fixture = new Fixture();

    [TearDown]
    public void TearDown() => fixture.Dispose();

    [Test]
    public void Unknown_argument_is_an_error_that_lists_the_known() =>
        Assert.That(
            () => Check("recipe", "varient"),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "unknown argument --varient; did you mean --variant?\n"
                        + $"known: --target, --{string.Join(", --", Arguments.Known.Keys)} (./build.sh --target=Help)"
                )
        );

    [Test]
    public void All_unknown_arguments_are_named_at_once() =>
        Assert.That(() => Check("b", "a"), Throws.TypeOf<CakeException>().With.Message.Contains("--a, --b\n"));

    [TestCase("target")]
    [TestCase("Target")]
    [TestCase("verbosity")]
    [TestCase("exclusive")]
    [TestCase("dryrun")]
    [TestCase("noop")]
    [TestCase("whatif")]
    [TestCase("tree")]
    [TestCase("description")]
    [TestCase("working")]
    [TestCase("version")]
    [TestCase("info")]
    [TestCase("help")]
    public void Argument_of_Cake_passes(string name) => Assert.That(() => Check(name), Throws.Nothing);

    [TestCase("recipe", "sample")]
    [TestCase("engine", "podman")]
    [TestCase("offload", "compress")]
    [TestCase("standins", "llvm-of-radv,other")]
    [TestCase("standins", "none")]
    [TestCase("zstd", "max")]
    [TestCase("format", "oci")]
    [TestCase("jobs", "4")]
    [TestCase("gpu", "gfx1151,gfx90a:xnack-")]
    [TestCase("repository", "owner/name")]
    [TestCase("tag", "v1.2")]
    [TestCase("what", "compiled")]
    [TestCase("provision", "")]
    [TestCase("record", "false")]
    public void Value_that_can_be_passes(string name, string value) => Assert.That(() => CheckValue(name, value), Throws.Nothing);

    [TestCase("offload", "zip", "--offload is 'zip'; known: none, slim, raw, compress")]
    [TestCase("skip-verify", "maybe", "--skip-verify is 'maybe'; it can be true or false, and without a value it means true")]
    [TestCase("jobs", "abc", "--jobs is 'abc'; it is the number of compilers at a time, 1 to 1024")]
    [TestCase("jobs", "0", "--jobs is '0'; it is the number of compilers at a time, 1 to 1024")]
    [TestCase("jobs", "-1", "--jobs is '-1'; it is the number of compilers at a time, 1 to 1024")]
    [TestCase("zstd", "ultra", "--zstd is 'ultra'; known: fast, default, max (SaveImageZst, SaveMinimalImageZst, Export)")]
    [TestCase("format", "docker", "--format is 'docker'; known: oci (Export)")]
    [TestCase("engine", "x", "--engine is 'x'; known: docker, podman, auto")]
    [TestCase("what", "x", "--what is 'x'; known: artifacts, images, containers, all (Clean); all, packages, compiled (Matrix)")]
    [TestCase("gpu", "strix", "--gpu: 'strix' is no GPU; write a name such as gfx1151 or gfx90a:xnack- (AMDGPUUsage, \"Target ID\")")]
    [TestCase("repository", "me", "--repository is 'me', which is no owner/name")]
    [TestCase("tag", "a b", "--tag: 'a b' is no tag; use letters, digits, '.', '_', '+' and '-'")]
    public void Value_that_can_not_be_is_refused_with_the_known(string name, string value, string message) =>
        Assert.That(() => CheckValue(name, value), Throws.TypeOf<CakeException>().With.Message.EqualTo(message));

    [TestCase("Clean", "packages", "--what is 'packages'; known: artifacts, images, containers, all (Clean)")]
    [TestCase("Matrix", "images", "--what is 'images'; known: all, packages, compiled (Matrix)")]
    public void Value_must_be_one_of_the_target_that_runs(string target, string value, string message) =>
        Assert.That(
            () => Arguments.Check(fixture.Context(("what", value)).Arguments, target),
            Throws.TypeOf<CakeException>().With.Message.EqualTo(message)
        );

    private static IEnumerable<string> WithValues => Arguments.Known.Where(a => !a.Value.IsFlag).Select(a => a.Key);

    [TestCaseSource(nameof(WithValues))]
    public void Argument_without_its_value_is_an_error(string name) =>
        Assert.That(() => CheckValue(name, ""), Throws.TypeOf<CakeException>().With.Message.StartsWith($"--{name} needs a value"));

    [Test]
    public void All_wrong_values_are_named_at_once() =>
        Assert.That(
            () => Arguments.Check(fixture.Context(("jobs", "x"), ("engine", "y")).Arguments),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "--engine is 'y'; known: docker, podman, auto\n--jobs is 'x'; it is the number of compilers at a time, 1 to 1024"
                )
        );

    [Test]
    public void Argument_given_twice_is_an_error_but_for_caches()
    {
        Assert.That(() => Arguments.Check(fixture.Context(("cache-from", "a"), ("cache-from", "b")).Arguments), Throws.Nothing);
        Assert.That(
            () => Arguments.Check(fixture.Context(("recipe", "a"), ("recipe", "b")).Arguments),
            Throws.TypeOf<CakeException>().With.Message.EqualTo("--recipe is given 2 times")
        );
    }

    [TestCase(null, true)]
    [TestCase("", true)]
    [TestCase("true", true)]
    [TestCase("True", true)]
    [TestCase("false", false)]
    [TestCase("FALSE", false)]
    public void Flag_follows_its_value(string? value, bool expected) =>
        Assert.That(fixture.Context((Arguments.Provision, value!)).Flag(Arguments.Provision), Is.EqualTo(expected));

    [Test]
    public void Flag_that_is_not_there_is_not_set() => Assert.That(fixture.Context().Flag(Arguments.Provision), Is.False);

    [Test]
    public void Flag_with_another_value_is_an_error() =>
        Assert.That(
            () => fixture.Context((Arguments.Provision, "no")).Flag(Arguments.Provision),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo("--provision is 'no'; it can be true or false, and without a value it means true")
        );

    private void CheckValue(string name, string value) => Arguments.Check(fixture.Context((name, value)).Arguments);

    private void Check(params string[] names) => Arguments.Check(fixture.Context([.. names.Select(n => (n, ""))]).Arguments);
}
