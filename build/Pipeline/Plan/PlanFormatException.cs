namespace Gfxbake.Pipeline.Plan;

/// <summary>A plan.json that cannot be read.</summary>
public sealed class PlanFormatException(long line, string problem, Exception? cause = null)
    : Exception($"line {line}: {problem}; run PlanPrune again to write the plan anew", cause)
{
    /// <summary>Counted from 1; 0 where the problem has no line.</summary>
    public long Line { get; } = line;
}
