using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Run;

/// <summary>What a model takes of memory, for each length of context and each type of cache.</summary>
/// <param name="Architecture">As the file names it.</param>
/// <param name="IsKnown">Whether something is known of the architecture.</param>
/// <param name="Layers">The layers that are used.</param>
/// <param name="Windowed">Those of them that see the last tokens only.</param>
/// <param name="WithState">Those of them that have a recurrent state.</param>
/// <param name="Parts">How many files it consists of.</param>
/// <param name="Question">What it was asked for.</param>
/// <param name="Estimates">In the order of contexts and types.</param>
public sealed record ModelFit(
    string Architecture,
    bool IsKnown,
    int Layers,
    int Windowed,
    int WithState,
    int Parts,
    FitQuestion Question,
    IReadOnlyList<FitEstimate> Estimates
)
{
    /// <exception cref="FitException">Metadata is missing or impossible.</exception>
    public static ModelFit Of(GgufModel model, ModelMemoryFacts facts, FitQuestion question)
    {
        try
        {
            var shape = new ModelShape(model, facts);
            return new ModelFit(
                shape.Architecture,
                shape.IsKnown,
                shape.Layers.Count,
                shape.Layers.Count(l => l.Windowed),
                shape.Layers.Count(l => l.State > 0),
                model.Parts,
                question,
                [
                    .. question.Contexts.SelectMany(c =>
                        question.CacheTypes.Select(t => FitEstimate.Of(shape, facts, c, t, question.Sequences))
                    ),
                ]
            );
        }
        catch (OverflowException)
        {
            throw new FitException("the numbers in the file's metadata are too large for any memory");
        }
    }
}
