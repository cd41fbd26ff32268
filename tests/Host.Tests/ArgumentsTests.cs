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
    public void Unknown_argument_is_an_error_that_lists_the_known()
        => Assert.That(() => Check("recipe", "varient"), Throws.TypeOf<CakeException>().With.Message.EqualTo(
            $"unknown argument --varient; known: --target, --{string.Join(", --", Arguments.Known.Keys)} (./build.sh --target=Help)"));

    [Test]
    public void All_unknown_arguments_are_named_at_once()
        => Assert.That(() => Check("b", "a"), Throws.TypeOf<CakeException>().With.Message.Contains("--a, --b;"));

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

    [Test]
    public void Every_argument_of_ours_passes() => Assert.That(() => Check([.. Arguments.Known.Keys]), Throws.Nothing);

    [TestCase("", true)]
    [TestCase("true", true)]
    [TestCase("True", true)]
    [TestCase("false", false)]
    [TestCase("FALSE", false)]
    public void Flag_follows_its_value(string value, bool expected)
        => Assert.That(fixture.Context((Arguments.Provision, value)).Flag(Arguments.Provision), Is.EqualTo(expected));

    [Test]
    public void Flag_that_is_not_there_is_not_set() => Assert.That(fixture.Context().Flag(Arguments.Provision), Is.False);

    [Test]
    public void Flag_with_another_value_is_an_error()
        => Assert.That(() => fixture.Context((Arguments.Provision, "no")).Flag(Arguments.Provision),
            Throws.TypeOf<CakeException>().With.Message.EqualTo("--provision is 'no'; it can be true or false, and --provision alone means true"));

    private void Check(params string[] names) => Arguments.Check(fixture.Context([.. names.Select(n => (n, ""))]).Arguments);
}
