using System.Globalization;

namespace Gfxbake.Unit.Tests.Pipeline.Numbers;

/// <summary>Answers of llama-server: real ones, and such as a test makes.</summary>
internal static class Completions
{
    /// <summary>
    /// Of Debian's llama-server 0.7.0 for a model of the repository's own in f16 or q8_0, the same prompt, seed and temperature 0, on the
    /// CPU; cut to three positions of twelve tokens.
    /// </summary>
    public static string Real(string weights) =>
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "completion-probabilities", weights + ".json"));

    /// <summary>An answer of these positions; each generates its first token.</summary>
    public static string Of(params (int Id, double LogProbability)[][] positions) =>
        $"{{\"completion_probabilities\":[{string.Join(',', positions.Select(Position))}]}}";

    public static string Token(int id, string logProbability) => $"\"id\":{id},\"token\":\"t{id}\",\"logprob\":{logProbability}";

    private static string Position((int Id, double LogProbability)[] tokens)
    {
        var all = tokens.Select(t => Token(t.Id, t.LogProbability.ToString("R", CultureInfo.InvariantCulture))).ToList();
        return $"{{{all[0]},\"top_logprobs\":[{string.Join(',', all.Select(t => $"{{{t}}}"))}]}}";
    }
}
