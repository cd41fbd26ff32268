using System.Globalization;

namespace Gfxbake.Tests;

/// <summary>
/// Tests that hold for any input run in rounds, each with random input. Between two edits there are few, with the same seed everywhere;
/// two variables of the environment say otherwise, as nightly.yml does (docs/testing.md).
/// </summary>
internal static class Rounds
{
    private const string CountVariable = "GFXBAKE_ROUNDS",
        SeedVariable = "GFXBAKE_SEED";

    /// <summary>Rounds of a test whose rounds are cheap.</summary>
    public static int Count { get; } = Read(CountVariable, least: 1) ?? 2000;

    /// <summary>Seed of the first round; each further one has the next.</summary>
    public static int Seed { get; } = Read(SeedVariable, least: int.MinValue) ?? 1;

    /// <summary>Whether there are enough rounds to say how often something should happen in them.</summary>
    public static bool AreMany => Count >= 2000;

    /// <summary>Runs a test's rounds, and says of one that fails how to run it alone.</summary>
    /// <param name="round">Makes its input from the numbers that it is given, and nothing else.</param>
    /// <param name="cost">How many cheap rounds take as long as one of these.</param>
    /// <param name="threads">How many rounds run at a time.</param>
    /// <returns>How many rounds there were.</returns>
    public static int Run(Action<Random> round, int cost = 1, int threads = 1)
    {
        var rounds = Math.Max(1, Count / cost);
        if (threads == 1)
        {
            RunEach(round, rounds, 0, 1);
        }
        else
        {
            // Threads of their own: what is tested may need those of the pool.
            Task.WaitAll([
                .. Enumerable
                    .Range(0, threads)
                    .Select(t =>
                        Task.Factory.StartNew(
                            () => RunEach(round, rounds, t, threads),
                            CancellationToken.None,
                            TaskCreationOptions.LongRunning,
                            TaskScheduler.Default
                        )
                    ),
            ]);
        }

        return rounds;
    }

    private static void RunEach(Action<Random> round, int rounds, int first, int step)
    {
        for (var i = first; i < rounds; i += step)
        {
            var seed = unchecked(Seed + i);
            try
            {
                round(new Random(Scatter(seed)));
            }
            catch
            {
                TestContext.Out.WriteLine($"round {i + 1:N0} of {rounds:N0} failed; {Command(seed)} runs it alone");
                throw;
            }
        }
    }

    private static string Command(int seed) =>
        $"{SeedVariable}={seed} {CountVariable}=1 ./build.sh --target=UnitTest --filter=Name={TestContext.CurrentContext.Test.MethodName}";

    /// <summary>Numbers of two neighbouring seeds would be alike: Random is linear in its seed. This is murmur3's last step.</summary>
    private static int Scatter(int seed)
    {
        unchecked
        {
            var bits = (uint)seed;
            bits = (bits ^ (bits >> 16)) * 0x85ebca6b;
            bits = (bits ^ (bits >> 13)) * 0xc2b2ae35;
            return (int)(bits ^ (bits >> 16));
        }
    }

    private static int? Read(string variable, int least)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text)
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw new InvalidOperationException($"{variable} is '{text}'; it must be a whole number, at least {least}");
    }
}
