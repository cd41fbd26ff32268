using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Matching;

/// <summary>Looks for everything that a pairing of Ollama and ROCm depends on; reads only.</summary>
public static class MachineSearch
{
    private const string Properties = "sys/class/kfd/kfd/topology/nodes/*/properties";
    private const string Version = "gfx_target_version",
        None = "0";

    /// <param name="facts">Where things lie.</param>
    /// <param name="tree">The machine.</param>
    /// <param name="ollama">The folder to look for Ollama in, as the tree shows it; null for the machine.</param>
    /// <param name="rocm">The same for ROCm.</param>
    public static MachineFindings Of(OllamaFacts facts, MachineTree tree, string? ollama = null, string? rocm = null)
    {
        var (variables, files) = new ServiceEnvironment(facts.Service, tree).Read();
        return new()
        {
            Ollamas = new OllamaSearch(facts, tree).Find(ollama),
            Rocms = new RocmSearch(facts.Rocm, tree).Find(rocm),
            Gpus = Gpus(tree.Host),
            Variables = variables,
            ServiceFiles = files,
        };
    }

    /// <summary>The GPUs that the kernel shows to ROCm.</summary>
    public static IReadOnlyList<MachineGpu> Gpus(HostTree host) => [.. Nodes(host)];

    private static IEnumerable<MachineGpu> Nodes(HostTree host)
    {
        foreach (var path in host.Find(Properties))
        {
            var properties = (host.Read(path) ?? "")
                .Split('\n')
                .Select(l => l.Split(' '))
                .Where(w => w.Length == 2)
                .DistinctBy(w => w[0])
                .ToDictionary(w => w[0], w => w[1].Trim(), StringComparer.Ordinal);
            // A processor is a node as well, with 0 there.
            if (properties.TryGetValue(Version, out var text) && text != None && HostValues.Gfx(text) is { } name)
                yield return new MachineGpu(name, path.Split('/')[^2], [.. properties.Keys]);
        }
    }
}
