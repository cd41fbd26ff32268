using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Plan;

/// <summary>plan-inputs.json: what plan.json was made from.</summary>
public sealed record PlanRecord : StepRecord
{
    /// <summary>Fingerprint of plan.json.</summary>
    public required string Plan { get; init; }
}
