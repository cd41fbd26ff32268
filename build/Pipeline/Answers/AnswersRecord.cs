using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Answers;

/// <summary>answers.json: the stand-ins that answer, by their rules.</summary>
public sealed record AnswersRecord : StepRecord
{
    public required IReadOnlyDictionary<string, AnsweringStandIn> StandIns { get; init; }
}

/// <summary>A file that stands in for a library and answers.</summary>
/// <param name="Sha256">Of the library with its table.</param>
/// <param name="Size">Bytes of the same.</param>
/// <param name="Requests">How many requests it has an answer to.</param>
public sealed record AnsweringStandIn(string Sha256, long Size, int Requests);
