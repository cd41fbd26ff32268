using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Host.Tests.Engine;

namespace Gfxbake.Host.Tests.Airllm;

/// <summary>The tests of AirLLM's runner, which is written in Python and has them beside it.</summary>
[TestFixture]
[Category(Needs.Python)]
internal sealed partial class AirllmRunnerTests
{
    private static readonly string Folder = Path.Combine(Checkout.RepositoryRoot, "recipes", "ollama-airllm-gfx1100", "runner");

    [Test]
    public void Its_own_tests_pass()
    {
        // -B: nothing is written into the checkout. -b: what a test that passed printed stays out of the message.
        var outcome = Command.Run("env", "-C", Folder, "python3", "-B", "-m", "unittest", "discover", "-b", "-s", "tests", "-t", ".");

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            // Python before 3.12 takes no test at all for success.
            var count = RanTests().Match(outcome.Output).Groups[1].Value;
            Assert.That(int.TryParse(count, CultureInfo.InvariantCulture, out var ran) ? ran : 0, Is.GreaterThan(50), outcome.Output);
        });
    }

    [GeneratedRegex("^Ran ([0-9]+) tests", RegexOptions.Multiline)]
    private static partial Regex RanTests();
}
