using Gfxbake.Formats.Gguf;

namespace Gfxbake.Unit.Tests.Formats.Gguf;

public sealed class SeededNumbersTests
{
    [Test]
    public void Bits_are_those_of_the_published_SplitMix64()
    {
        // Reference values of the algorithm for seed 1234567, as in Rosetta Code's task "Pseudo-random numbers/Splitmix64".
        var numbers = new SeededNumbers(1234567);

        Assert.That(
            Enumerable.Range(0, 5).Select(_ => numbers.NextBits()),
            Is.EqualTo(
                new[] { 6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL }
            )
        );
    }

    [Test]
    public void Bell_has_mean_0_and_deviation_1()
    {
        var numbers = new SeededNumbers(1);
        var values = Enumerable.Range(0, 100_000).Select(_ => numbers.NextBell()).ToArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(values.Average(), Is.Zero.Within(0.02));
            Assert.That(values.Average(value => value * value), Is.EqualTo(1).Within(0.02));
            Assert.That(values, Is.All.InRange(-6, 6));
        }
    }
}
