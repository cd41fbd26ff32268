using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Serving;

/// <summary>A model as a container sees it.</summary>
/// <param name="Model">Path in the container of its file, or of the first of its parts.</param>
/// <param name="Projector">Path in the container of the file with which it sees pictures.</param>
/// <param name="Mounts">What brings them there.</param>
public sealed record MountedModel(string Model, string? Projector, IReadOnlyList<Mount> Mounts);

/// <summary>What a program gets of the machine.</summary>
public sealed record RunPlace
{
    /// <summary>The GPU's nodes; null: the program computes without a GPU of the machine.</summary>
    public GpuNodes? Gpu { get; init; }

    public bool KeepsGroups { get; init; }

    /// <summary>Whether SELinux would keep containers from what is mounted.</summary>
    public bool Relabels { get; init; }

    /// <summary>Variables and files of what stands in for a GPU.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary>Device nodes of the same.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>The machine's port for the image's; null: the same number.</summary>
    public int? Port { get; init; }

    public string Address { get; init; } = PublishedPort.Loopback;

    /// <summary>Whether a person sits at a terminal.</summary>
    public bool HasTerminal { get; init; }
}

/// <summary>Puts together what runs: a recipe's mode, a preset and a machine.</summary>
public static class ModelRun
{
    /// <summary>The options of a model by their names without dashes: the recipe's for all models, and the preset's, which win.</summary>
    public static IReadOnlyDictionary<string, string> Options(RunRule rule, ModelPreset? preset)
    {
        var options = new SortedDictionary<string, string>(rule.Defaults.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in preset?.Options ?? new Dictionary<string, string>())
            options[name] = value;
        return options;
    }

    /// <summary>The same as one mode's program takes them, with the model's files and its name.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Options(RunRule rule, RunMode mode, ModelPreset? preset, MountedModel model)
    {
        yield return new(rule.Options.Model, model.Model);
        if (mode.Only is null && model.Projector is { } projector)
            yield return new(rule.Options.Projector, projector);
        if (mode.Name is { } name && preset is not null)
            yield return new(name, preset.Name);
        foreach (var (option, value) in Options(rule, preset))
        {
            if (mode.Only is not { } only)
                yield return new(option, value);
            else if (only.TryGetValue(option, out var own))
                yield return new(own, value);
        }
    }

    /// <param name="image">Name or id.</param>
    /// <param name="mode">What of it runs.</param>
    /// <param name="arguments">The program's words.</param>
    /// <param name="model">The model that it gets.</param>
    /// <param name="place">The machine.</param>
    public static ProgramRun Of(string image, RunMode mode, IReadOnlyList<string> arguments, MountedModel model, RunPlace place) =>
        new()
        {
            Image = image,
            Program = mode.Program,
            Arguments = arguments,
            Environment = place.Environment,
            Mounts = [.. model.Mounts, .. place.Mounts],
            Relabels = place.Relabels,
            Ports = mode.Port is { } port ? [new(place.Address, place.Port ?? port, port)] : [],
            HasNetwork = mode.Port is not null,
            Devices = [.. place.Gpu?.Paths ?? [], .. place.Nodes],
            Groups = place.Gpu?.Groups ?? [],
            KeepsGroups = place.KeepsGroups && place.Gpu is { Groups.Count: > 0 },
            ReadsInput = mode.Terminal,
            HasTerminal = mode.Terminal && place.HasTerminal,
        };
}
