using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Matching;

/// <summary>What RocmMatch says of a machine (match.json).</summary>
public sealed record MatchReport
{
    public required MachineFindings Found { get; init; }

    public required IReadOnlyList<Pairing> Pairings { get; init; }

    public required MatchDecision Decision { get; init; }

    /// <param name="facts">Where things lie.</param>
    /// <param name="hosts">Which ROCr gets on with which kernel.</param>
    /// <param name="tree">The machine.</param>
    /// <param name="ollama">The folder to look for Ollama in, as the tree shows it; null for the machine.</param>
    /// <param name="rocm">The same for ROCm.</param>
    /// <exception cref="MatchException">There is nothing to compare.</exception>
    public static MatchReport Of(OllamaFacts facts, HostFacts hosts, MachineTree tree, string? ollama = null, string? rocm = null)
    {
        var found = MachineSearch.Of(facts, tree, ollama, rocm);
        if (found.Ollamas.Count == 0)
        {
            throw new MatchException(
                "no Ollama was found: looked in "
                    + (ollama is null ? string.Join(", ", facts.Folders) : $"{ollama} for {string.Join(", ", facts.Below)}")
                    + "; name its folder with --ollama="
            );
        }

        if (rocm is not null && found.Rocms.Count == 0)
        {
            throw new MatchException(
                $"no ROCm was found in {rocm}: none of {string.Join(", ", facts.Rocm.Below.SelectMany(b => b.Libraries))} "
                    + $"has {facts.Rocm.Library}; name another folder with --rocm="
            );
        }

        var pairings = new PairingCheck(facts, hosts, tree, found).All();
        return new()
        {
            Found = found,
            Pairings = pairings,
            Decision = MatchDecision.Of(found, pairings),
        };
    }
}

/// <summary>There is nothing to compare; the message says what to do.</summary>
public sealed class MatchException(string message) : Exception(message);
