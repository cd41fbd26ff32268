using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Compiler;

/// <summary>What the layer and its proof depend on.</summary>
public sealed record CompilerInput : PlannedInput
{
    public CompilerInput(Workspace workspace)
        : base(workspace) { }

    /// <summary>Id of the image with the stand-ins.</summary>
    [Input("candidate image")]
    public required string Image { get; init; }

    [Input("docker/compiler.Dockerfile")]
    public required string Template { get; init; }

    /// <summary>Name, version, files and time stamp for the lists of packages.</summary>
    [Input("what the image is")]
    public required SbomSubject Subject { get; init; }

    [Input("results of the full image")]
    public required IReadOnlyList<string> Results { get; init; }

    /// <summary>Digests of the kits of devices.</summary>
    [Input("kits.json")]
    public required IReadOnlyDictionary<string, string> Kits { get; init; }

    [Input("workloads of the recipe")]
    public required IReadOnlyList<Workload> Workloads { get; init; }

    [Input("configuration")]
    public required WantedConfiguration Configuration { get; init; }

    [Input("flags of containers")]
    public required IReadOnlyList<string> ContainerFlags { get; init; }

    /// <summary>What the image is made of; its id stands for it.</summary>
    [Place]
    public required MinimalRecord Minimal { get; init; }

    [Place]
    public required ImageNames Names { get; init; }

    [Place]
    public required WorkloadPlaces Places { get; init; }

    [Place]
    public required WorkloadFiles WorkloadFiles { get; init; }

    /// <summary>The labels of the image below, with what is true of this one.</summary>
    internal static Dictionary<string, string> Labels(Workspace workspace, string? version)
    {
        var labels = ImageLabels.Of(workspace, "minimal", version).ToDictionary();
        var (stubs, back) = (
            workspace.StandIns.Where(s => s.Value.Answers is null),
            workspace.StandIns.Where(s => s.Value.Answers is not null)
        );
        // A label of the image below can't be taken away, but be empty.
        labels["gfxbake.standins"] = string.Join(',', stubs.Select(s => s.Key));
        labels["gfxbake.standins.answering"] = "";
        labels["gfxbake.returned"] = string.Join(',', back.Select(s => s.Key));
        return labels;
    }
}
