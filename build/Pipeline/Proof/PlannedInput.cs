using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Proof;

/// <summary>What every step depends on that holds an image against its plan.</summary>
public abstract record PlannedInput
{
    protected PlannedInput(Workspace workspace)
    {
        FullTable = workspace.Need<FullRecord>(workspace.Paths.FullRecord, "FullImage").Files;
        Plan = workspace.Need<PlanRecord>(workspace.Paths.PlanRecord, "PlanPrune").Plan;
        Paths = workspace.Paths;
        Files = FullFiles.Of(workspace);
        StoredPlan = StoredPlan.Of(workspace);
    }

    [Input("full.mtree")]
    public string FullTable { get; init; }

    [Input("plan.json")]
    public string Plan { get; init; }

    [Place]
    public BuildPaths Paths { get; init; }

    [Place]
    public FullFiles Files { get; init; }

    [Place]
    public StoredPlan StoredPlan { get; init; }
}
