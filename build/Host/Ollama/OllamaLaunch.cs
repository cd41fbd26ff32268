using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Building;
using Gfxbake.Pipeline.Matching;

namespace Gfxbake.Host.Ollama;

/// <summary>With what Ollama is started: its program, the variables of the stage, and those of the command line.</summary>
/// <param name="context">The build.</param>
internal sealed class OllamaLaunch(BuildContext context)
{
    public const string Example = "for instance ./build.sh --target=RunOllama --recipe=ollama-rocm-igpu --gpu=gfx1103";

    private const int DefaultPort = 11434;

    public int Port =>
        context.Value(Arguments.Port) is { } port ? int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) : DefaultPort;

    /// <summary>What the command line adds to the variables of the file.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Own
    {
        get
        {
            List<KeyValuePair<string, string>> own = [KeyValuePair.Create("OLLAMA_HOST", $"127.0.0.1:{Port}")];
            if (context.Value(Arguments.ModelBase) is { } models)
                own.Add(KeyValuePair.Create("OLLAMA_MODELS", context.FromCaller(models)));
            return own;
        }
    }

    /// <exception cref="CakeException">There is no GPU, no Ollama, or no code for the GPU.</exception>
    public ServerSettings Settings()
    {
        var stage = OpenStage.Of(context);
        var gpus = MachineSearch.Gpus(context.Machine);
        var gpu = OllamaBuilder.ChosenGpu(context) ?? Only(gpus);
        var number = gpus.Count > 1 ? gpus.ToList().FindIndex(g => g.Name == gpu) : -1;
        var folder = context.Value(Arguments.Ollama) is { } given ? context.FromCaller(given) : context.Paths.Ollama;
        var tree = new MachineTree("/");
        var found = new OllamaSearch(context.Book.Ollama, tree).Find(folder) is [var ollama, ..]
            ? ollama
            : throw new CakeException($"{context.Paths.Show(folder)} has no Ollama; {context.RunFirst("BuildOllama")}");
        try
        {
            return ServerSettings.Of(context.Book.OllamaBuild, context.Book.Ollama, tree, found, stage, gpu, number < 0 ? null : number);
        }
        catch (OllamaBuildException error)
        {
            throw new CakeException(error.Message);
        }
    }

    /// <summary>The file for systemd: what does not depend on a command line.</summary>
    public static string Text(ServerSettings settings) =>
        EnvironmentText.Of(
            settings.Variables,
            ["Written by RunOllama. In a unit: EnvironmentFile=/path/of/this/file", .. settings.Reasons]
        );

    public void WriteFile(ServerSettings settings) => AtomicFile.WriteText(context.Paths.OllamaEnvironment, Text(settings));

    private static string Only(IReadOnlyList<MachineGpu> gpus) =>
        gpus.Select(g => g.Name).Distinct(StringComparer.Ordinal).ToList() switch
        {
            [var one] => one,
            [] => throw new CakeException($"the kernel shows no GPU to ROCm (/sys/class/kfd); name the one that is meant, {Example}"),
            var several => throw new CakeException(
                $"this machine has {string.Join(" and ", several)}; name the one that computes, {Example}"
            ),
        };
}
