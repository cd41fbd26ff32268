using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gfxbake.Pipeline.Run;

/// <summary>What FitModel found of one model, as programs and the report read it.</summary>
public sealed record FitSheet
{
    private const long MostBytes = 1 << 20;
    private const int MostRows = 1024;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public required string Model { get; init; }

    public required string Architecture { get; init; }

    public required bool IsKnown { get; init; }

    public required int Layers { get; init; }

    public required int Windowed { get; init; }

    public required int WithState { get; init; }

    public required int Parts { get; init; }

    public required int Sequences { get; init; }

    public required long Memory { get; init; }

    public required string MemorySource { get; init; }

    public required long Margin { get; init; }

    public required IReadOnlyList<FitSheetRow> Estimates { get; init; }

    public static FitSheet Of(string name, ModelFit fit, MachineMemory memory, long margin) =>
        new()
        {
            Model = name,
            Architecture = fit.Architecture,
            IsKnown = fit.IsKnown,
            Layers = fit.Layers,
            Windowed = fit.Windowed,
            WithState = fit.WithState,
            Parts = fit.Parts,
            Sequences = fit.Question.Sequences,
            Memory = memory.Bytes,
            MemorySource = memory.Source,
            Margin = margin,
            Estimates =
            [
                .. fit.Estimates.Select(e => new FitSheetRow(
                    e.Context,
                    e.CacheType,
                    e.Weights,
                    e.Copy,
                    e.Cache,
                    e.State,
                    e.Compute,
                    e.Total,
                    e.In(memory.Bytes, margin)
                )),
            ],
        };

    public string Json() => JsonSerializer.Serialize(this, Options);

    /// <summary>A sheet that FitModel wrote; null when the file is none.</summary>
    public static FitSheet? TryRead(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var sheet = stream.CanSeek && stream.Length <= MostBytes ? JsonSerializer.Deserialize<FitSheet>(stream, Options) : null;
            return sheet?.Estimates.Count <= MostRows && sheet.Estimates.All(e => e is not null) ? sheet : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>One estimate, in bytes.</summary>
public sealed record FitSheetRow(
    long Context,
    string CacheType,
    long Weights,
    long Copy,
    long Cache,
    long State,
    long Compute,
    long Total,
    FitAnswer Answer
);
