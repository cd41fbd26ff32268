using System.Diagnostics;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Measuring;

/// <summary>Measures a server that is up: requests one after the other, then as many at a time as there are clients.</summary>
public static class ServerLoad
{
    private const string Seconds = "s",
        Rate = "tokens/s",
        Clients = "clients";

    // Each prompt begins with its own number, so that no cache of prompts answers.
    private const string Words =
        "The river ran past the mill and under the bridge. In the morning the miller opened the gate, and the wheel began to turn. "
        + "Somebody on the bridge counted the boats, and wrote down how many there were and where each of them went. Tell what came next: ";

    /// <param name="client">The server.</param>
    /// <param name="profile">How much.</param>
    /// <param name="say">Told each point.</param>
    /// <exception cref="BenchException">The server answered something else.</exception>
    public static IReadOnlyList<BenchSeries> Measure(ServerClient client, ServerProfile profile, Action<string> say)
    {
        var number = 0;
        // The first request loads the model and compiles what is not compiled yet.
        client.Complete(Prompt(++number), profile.Tokens).GetAwaiter().GetResult();
        List<BenchPoint> seconds = [],
            rates = [];
        foreach (var clients in new[] { 1, profile.Clients }.Distinct().Order())
        {
            var (times, tokens) = (new List<double>(), new List<double>());
            for (var i = 0; i < profile.Samples; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                var asked = Enumerable
                    .Range(0, clients)
                    .Select(_ => Timed(client, Prompt(Interlocked.Increment(ref number)), profile.Tokens));
                var answers = Task.WhenAll(asked.ToList()).GetAwaiter().GetResult();
                var all = Stopwatch.GetElapsedTime(begun).TotalSeconds;
                times.AddRange(answers.Select(a => a.Seconds));
                tokens.Add(answers.Sum(a => a.Tokens) / all);
            }

            seconds.Add(new(clients, times));
            rates.Add(new(clients, tokens));
            say(
                $"  {clients} at a time: {BenchText.Number(seconds[^1].Median)} s a request, {BenchText.Number(rates[^1].Median)} tokens/s"
            );
        }

        List<long> wanted = [.. rates.Select(r => r.X)];
        return
        [
            Series("tokens", Rate, wanted, profile.Samples, rates),
            Series("request", Seconds, wanted, profile.Samples, seconds) with
            {
                LowerIsBetter = true,
            },
        ];
    }

    private static string Prompt(int number) => $"{number}. {Words}";

    private static async Task<(double Seconds, int Tokens)> Timed(ServerClient client, string prompt, int tokens)
    {
        var begun = Stopwatch.GetTimestamp();
        var written = await client.Complete(prompt, tokens).ConfigureAwait(false);
        return (Stopwatch.GetElapsedTime(begun).TotalSeconds, written);
    }

    private static BenchSeries Series(
        string name,
        string unit,
        IReadOnlyList<long> wanted,
        int samples,
        IReadOnlyList<BenchPoint> points
    ) =>
        new()
        {
            Name = name,
            Unit = unit,
            Axis = Clients,
            Wanted = wanted,
            Samples = samples,
            Points = points,
        };
}
