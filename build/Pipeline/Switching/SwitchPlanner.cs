using System.Text;
using System.Text.RegularExpressions;

namespace Gfxbake.Pipeline.Switching;

/// <summary>Decides what a switch makes; it looks at nothing but what it is given.</summary>
public static partial class SwitchPlanner
{
    public const string DropInName = "60-gfxbake-rocm.conf";

    private const string Choice = "OLLAMA_LLM_LIBRARY";
    private const string VulkanChoice = "OLLAMA_VULKAN";
    private const string LoaderPath = "LD_LIBRARY_PATH";
    private const string Runtime = "libamdhip64.so";

    /// <summary>Another ROCm in the place of Ollama's own.</summary>
    /// <exception cref="SwitchException">This Ollama can't be given one.</exception>
    public static SwitchPlan ToRocm(string to, SwitchOllama ollama, SwitchRocm rocm)
    {
        var hip =
            ollama.Hip
            ?? throw new SwitchException(
                $"{ollama.Library} has no library for AMD's GPUs (libggml-hip.so), so no ROCm helps it; "
                    + "install Ollama's ROCm package (ollama-linux-amd64-rocm) first"
            );
        var runtime =
            RuntimeIn(rocm.Libraries)
            ?? throw new SwitchException($"{rocm.Folder} has no {Runtime}, or not the one that {hip} asks for: it can't be loaded");
        return ollama.Way switch
        {
            SwitchWay.Sibling => Sibling(to, ollama, hip, rocm, runtime),
            SwitchWay.Runner => Runner(to, ollama, hip, rocm, runtime),
            _ => Mounts(to, ollama, hip, rocm, runtime),
        };
    }

    /// <summary>Ollama's own ROCm, also where another folder would win.</summary>
    /// <exception cref="SwitchException">It brings none, or takes it anyway.</exception>
    public static SwitchPlan ToBundled(SwitchOllama ollama)
    {
        if (ollama.Hip is not { } hip || RuntimeIn(ollama.Bundle) is not { } own)
            throw new SwitchException($"{ollama.Library} brings no ROCm");
        if (ollama.Way != SwitchWay.Sibling)
            throw new SwitchException("this Ollama takes its own ROCm by itself; if a switch is in force, undo it with RocmRollback");
        return Chosen("bundled", ollama, Last(Parent(hip)), own, []);
    }

    /// <summary>Vulkan instead of ROCm.</summary>
    /// <exception cref="SwitchException">This Ollama has none.</exception>
    public static SwitchPlan ToVulkan(SwitchOllama ollama)
    {
        if (ollama.Vulkan is not { } folder || ollama.Way != SwitchWay.Sibling)
            throw new SwitchException($"{ollama.Library} has no folder with a Vulkan library; Ollama brings one since 0.12.6");
        Dictionary<string, string> more = ollama.Reads.Contains(VulkanChoice) ? new() { [VulkanChoice] = "1" } : [];
        return Chosen("vulkan", ollama, Last(folder), folder, more);
    }

    /// <summary>A folder's short name, as it stands in rocm_NAME.</summary>
    public static string NameOf(string folder)
    {
        var words =
            folder.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse().FirstOrDefault(w => w is not ("lib" or "lib64")) ?? "";
        var name = NotInNames().Replace(words.ToLowerInvariant(), "-").Trim('-');
        name = name.StartsWith("rocm", StringComparison.Ordinal) ? name[4..].TrimStart('-') : name;
        return name.Length == 0 ? "other" : name;
    }

    private static SwitchPlan Sibling(string to, SwitchOllama ollama, string hip, SwitchRocm rocm, string runtime)
    {
        var name = "rocm_" + rocm.Name;
        var folder = $"{ollama.Library}/{name}";
        // Relative: the folder and what it leads to move together.
        var own = ".." + hip[ollama.Library.Length..];
        List<SwitchChange> changes = [SwitchChange.Folder(folder), SwitchChange.Link($"{folder}/{Last(hip)}", own)];
        changes.AddRange(Links(folder, rocm));
        var plan = Chosen(to, ollama, name, runtime, []);
        return plan with { Changes = [.. changes, .. plan.Changes], Seen = [hip, ollama.Program] };
    }

    private static SwitchPlan Runner(string to, SwitchOllama ollama, string hip, SwitchRocm rocm, string runtime)
    {
        var name = "rocm_" + rocm.Name;
        var (folder, bundled) = ($"{ollama.Library}/runners/{name}", Parent(hip));
        // The server puts Ollama's own ROCm first, so only a program between can put another one before it.
        var script = $"""
            #!/bin/sh
            # Written by gfxbake RocmSwitch; RocmRollback removes it.
            LD_LIBRARY_PATH="{Plain(folder)}/lib:{Plain(bundled)}:$LD_LIBRARY_PATH"
            export LD_LIBRARY_PATH
            exec "{Plain(bundled)}/ollama_llama_server" "$@"

            """;
        List<SwitchChange> changes = [SwitchChange.Folder(folder), SwitchChange.Folder(folder + "/lib")];
        changes.AddRange(Links(folder + "/lib", rocm));
        changes.Add(SwitchChange.File(folder + "/ollama_llama_server", script, "755"));
        var plan = Chosen(to, ollama, name, runtime, []);
        return plan with { Changes = [.. changes, .. plan.Changes], Seen = [hip, ollama.Program] };
    }

    private static SwitchPlan Mounts(string to, SwitchOllama ollama, string hip, SwitchRocm rocm, string runtime)
    {
        if (ollama.DropIns is null)
        {
            throw new SwitchException(
                "this Ollama always takes its own ROCm first, so the other one has to be mounted over it; "
                    + "systemd would do that, but no ollama.service is there"
            );
        }

        var covered = rocm.Libraries.Concat(rocm.Tables).Where(l => ollama.Bundle.ContainsKey(l.Key)).ToList();
        List<string> lines = [.. covered.Select(l => $"BindReadOnlyPaths={Plain(l.Value)}:{Plain(ollama.Bundle[l.Key])}")];
        // What the bundle lacks comes from the other ROCm's folder, which the loader reads after the bundle's.
        Dictionary<string, string> environment = new() { [LoaderPath] = rocm.Folder };
        return new SwitchPlan
        {
            To = to,
            Changes = [.. DropIn(to, ollama, environment, lines)],
            Environment = environment,
            Seen = [hip, ollama.Program],
            Proof = runtime,
            Notes = [$"{LoaderPath} in the service's other settings is replaced"],
        };
    }

    private static SwitchPlan Chosen(string to, SwitchOllama ollama, string folder, string proof, Dictionary<string, string> more)
    {
        if (!ollama.Reads.Contains(Choice))
            throw new SwitchException($"{ollama.Program} does not read {Choice}: there is no way to choose a library");
        Dictionary<string, string> environment = new(more) { [Choice] = folder };
        return new SwitchPlan
        {
            To = to,
            Changes = [.. DropIn(to, ollama, environment, [])],
            Environment = environment,
            Seen = [ollama.Program],
            Proof = proof,
            Notes = [$"{Choice} holds for all GPUs: others than AMD's are not used while the switch is in force"],
        };
    }

    private static IEnumerable<SwitchChange> Links(string folder, SwitchRocm rocm) =>
        rocm
            .Libraries.Concat(rocm.Tables)
            .OrderBy(l => l.Key, StringComparer.Ordinal)
            .Select(l => SwitchChange.Link($"{folder}/{l.Key}", l.Value));

    private static IEnumerable<SwitchChange> DropIn(
        string to,
        SwitchOllama ollama,
        Dictionary<string, string> environment,
        IReadOnlyList<string> lines
    )
    {
        if (ollama.DropIns is not { } folder)
            yield break;
        if (!ollama.HasDropIns)
            yield return SwitchChange.Folder(folder);
        var text = new StringBuilder($"# Written by gfxbake, RocmSwitch --to={Plain(to)}; RocmRollback removes it.\n[Service]\n");
        foreach (var (name, value) in environment.OrderBy(e => e.Key, StringComparer.Ordinal))
            text.Append($"Environment={name}={Plain(value)}\n");
        foreach (var line in lines)
            text.Append(line).Append('\n');
        yield return SwitchChange.File($"{folder}/{DropInName}", text.ToString());
    }

    private static string? RuntimeIn(IReadOnlyDictionary<string, string> libraries) =>
        libraries.FirstOrDefault(l => l.Key.StartsWith(Runtime, StringComparison.Ordinal)).Value;

    /// <summary>Shells and units read more characters in their own ways than are worth knowing.</summary>
    private static string Plain(string text) =>
        PlainText().IsMatch(text)
            ? text
            : throw new SwitchException($"'{Formats.Text.PlainText.Visible(text)}' has characters that a unit or a script can't hold");

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];

    [GeneratedRegex(@"\A[A-Za-z0-9/._+-]+\z")]
    private static partial Regex PlainText();

    [GeneratedRegex("[^a-z0-9.]+")]
    private static partial Regex NotInNames();
}
