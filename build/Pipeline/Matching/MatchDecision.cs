namespace Gfxbake.Pipeline.Matching;

/// <summary>One way to a GPU that computes, with what it costs.</summary>
public sealed record MatchOption
{
    /// <summary>bundled, system, vulkan or downgrade.</summary>
    public required string Name { get; init; }

    public required bool IsPossible { get; init; }

    /// <summary>What would be done; what keeps it from being done where it is not possible.</summary>
    public required string What { get; init; }

    public required string Risk { get; init; }

    public required string Reversibility { get; init; }

    public required string Impact { get; init; }
}

/// <summary>The ways out, and the one to take.</summary>
public sealed record MatchDecision
{
    private const string Selected = "OLLAMA_LLM_LIBRARY";

    public required IReadOnlyList<MatchOption> Options { get; init; }

    /// <summary>Name of the option to take; null where none is possible.</summary>
    public required string? Recommended { get; init; }

    /// <summary>Whether nothing has to be changed.</summary>
    public required bool NothingToDo { get; init; }

    /// <summary>The recommendation in a sentence, with its reason.</summary>
    public required string Sentence { get; init; }

    /// <param name="found">What lies on the machine.</param>
    /// <param name="pairings">What was proven of it.</param>
    public static MatchDecision Of(MachineFindings found, IReadOnlyList<Pairing> pairings)
    {
        // The user's choice of a folder stands.
        var named = found.Variables.FirstOrDefault(v => v.Name == Selected)?.Value;
        var own = pairings.Where(p => p.Backend == named).ToList();
        var bundled = Best(own.Count > 0 ? own : pairings, PairingCheck.Bundled);
        var system = Best(pairings, PairingCheck.System);
        List<MatchOption> options = [Bundled(bundled), System(system), Vulkan(found), Downgrade(found, bundled, system)];
        var nothing = bundled is { Verdict: PairingVerdict.Loads };
        var chosen =
            nothing || (bundled is { NeedsOverride: true } && system is not { Verdict: PairingVerdict.Loads })
                ? options[0]
                : options.Skip(1).FirstOrDefault(o => o.IsPossible);
        return new()
        {
            Options = options,
            Recommended = chosen?.Name,
            NothingToDo = nothing,
            Sentence = chosen is null ? "none of the ways is possible here; the reasons stand with each" : $"{chosen.Name}: {chosen.What}",
        };
    }

    private static Pairing? Best(IEnumerable<Pairing> pairings, string kind) =>
        pairings.Where(p => p.Kind == kind).OrderBy(p => p.Verdict).ThenBy(p => !p.NeedsOverride).FirstOrDefault();

    private static MatchOption Bundled(Pairing? pairing) =>
        new()
        {
            Name = "bundled",
            IsPossible = pairing is { Verdict: PairingVerdict.Loads } or { NeedsOverride: true },
            What = pairing switch
            {
                null => "Ollama has no library that computes on AMD's GPUs",
                { NeedsOverride: true } => $"set {Override(pairing)}: {pairing.Sentence}",
                { Verdict: PairingVerdict.Loads } => $"leave it as it is: it {pairing.Sentence}",
                _ => pairing.Sentence,
            },
            Risk = pairing is { NeedsOverride: true } ? "medium: the GPU runs another one's code" : "low: nothing changes",
            Reversibility = "whole: one variable at most",
            Impact = "Ollama only",
        };

    private static MatchOption System(Pairing? pairing) =>
        new()
        {
            Name = "system",
            IsPossible = pairing is { Verdict: PairingVerdict.Loads } or { NeedsOverride: true },
            What = pairing switch
            {
                null => "no ROCm was found beside the one that Ollama brings",
                { Verdict: PairingVerdict.Loads } =>
                    $"./build.sh --target=RocmSwitch --to=system takes {pairing.Rocm}: it {pairing.Sentence}",
                { NeedsOverride: true } =>
                    $"./build.sh --target=RocmSwitch --to=system takes {pairing.Rocm}, with {Override(pairing)}: {pairing.Sentence}",
                _ => $"{pairing.Rocm} {pairing.Sentence}",
            },
            Risk = "medium: names and symbols fit, only a run shows that it works",
            Reversibility = "whole: a folder of its own and one drop-in",
            Impact = "Ollama only; its next update does not touch it",
        };

    private static MatchOption Vulkan(MachineFindings found)
    {
        var library = found.Ollamas.Select(o => o.Vulkan).FirstOrDefault(v => v is not null);
        return new()
        {
            Name = "vulkan",
            IsPossible = library is not null,
            What = library is null
                ? "this Ollama has no library for Vulkan; take a version that has one"
                : $"./build.sh --target=RocmSwitch --to=vulkan: {library} needs no ROCm",
            Risk = "low: it depends on the graphics driver alone",
            Reversibility = "whole: one drop-in",
            Impact = "Ollama only; faster or slower, which RocmBench measures",
        };
    }

    private static MatchOption Downgrade(MachineFindings found, Pairing? bundled, Pairing? system) =>
        new()
        {
            Name = "downgrade",
            IsPossible = bundled is not null && system is { IsOtherRocm: true },
            What =
                found.Rocms.Count == 0 || bundled is null ? "there is no pairing that an older ROCm would help"
                : system is { IsOtherRocm: false } ? "the number of the machine's ROCm is not what keeps it"
                : "./build.sh --target=RocmDowngradePlan shows what an older ROCm would take with it",
            Risk = "high: everything that uses ROCm changes, and the kernel must get on with the older ROCr",
            Reversibility = "by the package manager, if it still has the newer packages",
            Impact = "every program of the machine that uses ROCm",
        };

    private static string Override(Pairing pairing) =>
        "HSA_OVERRIDE_GFX_VERSION=" + pairing.Gpus.Select(g => g.Override).FirstOrDefault(o => o is not null);
}
