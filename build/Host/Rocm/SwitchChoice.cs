using Cake.Core;
using Gfxbake.Pipeline.Matching;
using Gfxbake.Pipeline.Switching;

namespace Gfxbake.Host.Rocm;

/// <summary>Finds on a machine what --to names, and plans the switch.</summary>
/// <param name="context">The build.</param>
/// <param name="root">The machine's files.</param>
internal sealed class SwitchChoice(BuildContext context, string root)
{
    private const string System = "system";

    private static readonly string[] Names = [System, "bundled", "vulkan"];

    /// <summary>What is wrong with a value of --to.</summary>
    public static string? Wrong(string value) =>
        Names.Contains(value) || value.Contains('/')
            ? null
            : $" is '{value}'; it is {string.Join(", ", Names)} or a folder (with a '/' in it)";

    public SwitchPlan Plan(string to)
    {
        var given = context.Value(Arguments.Ollama) is { } folder ? Inside(context.FromCaller(folder), Arguments.Ollama) : null;
        var wanted = Names.Contains(to) ? null : Inside(context.FromCaller(to), Arguments.To);
        var tree = new MachineTree(root);
        var facts = context.Book.Ollama;
        var findings = MachineSearch.Of(
            facts,
            tree,
            given is null ? null : tree.PathOf(given),
            wanted is null ? null : tree.PathOf(wanted)
        );
        var ollama = findings.Ollamas switch
        {
            [var one] => one,
            [] => throw new SwitchException($"no Ollama is in {given ?? root}; name its folder with --{Arguments.Ollama}="),
            var several => throw new SwitchException(
                $"there are several: {string.Join(", ", several.Select(o => o.Folder))}; name one with --{Arguments.Ollama}="
            ),
        };
        var search = new SwitchSearch(facts, tree);
        var subject = search.Of(ollama);
        return to switch
        {
            "bundled" => SwitchPlanner.ToBundled(subject),
            "vulkan" => SwitchPlanner.ToVulkan(subject),
            _ => ToRocm(to, search, subject, ollama, findings, new(facts, context.Book.Hosts, tree, findings)),
        };
    }

    /// <summary>The first ROCm that nothing speaks against; with --force the first that can be planned.</summary>
    private SwitchPlan ToRocm(
        string to,
        SwitchSearch search,
        SwitchOllama subject,
        OllamaInstallation ollama,
        MachineFindings findings,
        PairingCheck check
    )
    {
        List<string> problems = [];
        foreach (var rocm in findings.Rocms.Where(r => ollama.Backends.All(b => b.Rocm != r.Libraries)))
        {
            try
            {
                var name = to == System ? System : SwitchPlanner.NameOf(rocm.Libraries);
                var plan = SwitchPlanner.ToRocm(to, subject, search.Of(name, rocm.Libraries, subject));
                var pairing = check.Of(ollama, ollama.Backends.First(b => b.Library == subject.Hip), rocm.Libraries);
                if (pairing.Verdict == PairingVerdict.Loads)
                    return plan;
                if (context.Flag(Arguments.Force))
                    return plan with { Notes = [$"this will break ({rocm.Libraries}): {pairing.Sentence}", .. plan.Notes] };
                problems.Add($"{rocm.Libraries} {pairing.Sentence}");
                problems.AddRange(pairing.Reasons.Where(r => !pairing.Sentence.Contains(r, StringComparison.Ordinal)));
            }
            catch (SwitchException error)
            {
                problems.Add(error.Message);
            }
        }

        throw new SwitchException(
            problems.Count == 0
                ? $"no ROCm (libamdhip64.so) is in {(to == System ? root : to)}"
                : $"{string.Join("\n  ", problems)}\n--{Arguments.Force} does it all the same."
        );
    }

    /// <summary>A link to another tree would lead nowhere on the machine whose files these are.</summary>
    private string Inside(string folder, string argument) =>
        folder.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal)
            ? folder
            : throw new CakeException($"--{argument} names {folder}, which is not below --{Arguments.Root} ({root})");
}
