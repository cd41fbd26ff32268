using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Plan;

/// <summary>Reads plan.json.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Shown">Its name as people see it.</param>
/// <param name="Mend">What writes it.</param>
public sealed record StoredPlan(string Path, string Shown, string Mend)
{
    public static StoredPlan Of(Workspace workspace) =>
        new(workspace.Paths.Plan, workspace.Paths.Show(workspace.Paths.Plan), workspace.Command("PlanPrune"));

    /// <exception cref="StepException">It is missing or broken.</exception>
    public PrunePlan Read()
    {
        if (!File.Exists(Path))
            throw new StepException($"{Shown} is missing; run {Mend} first");
        try
        {
            using var stream = File.OpenRead(Path);
            return PrunePlanReader.Read(stream);
        }
        catch (PlanFormatException exception)
        {
            throw new StepException($"{Shown}: {exception.Message}");
        }
    }
}
