using System.Text.Json;

namespace Gfxbake.Pipeline.Plan;

/// <summary>Reads plan.json as PrunePlanWriter writes it.</summary>
public static class PrunePlanReader
{
    /// <exception cref="PlanFormatException">It is no plan, or one of another format.</exception>
    public static PrunePlan Read(Stream input)
    {
        try
        {
            var file =
                JsonSerializer.Deserialize<PlanFile>(input, PlanFile.Options) ?? throw new PlanFormatException(1, "the plan is null");
            if (file.Format != PlanFile.CurrentFormat)
                throw new PlanFormatException(2, $"the plan has format {file.Format}, this program reads {PlanFile.CurrentFormat}");

            return new PrunePlan
            {
                CodeTargets = file.CodeTargets,
                Offload = file.Offload,
                KeepRules = file.KeepRules,
                Problems = file.Problems,
                NotInImage = file.NotInImage,
                Entries = Entries(file.Entries),
            };
        }
        catch (JsonException error)
        {
            throw new PlanFormatException((error.LineNumber ?? -1) + 1, $"no plan: {error.Message}", error);
        }
    }

    private static PlanEntry[] Entries(IReadOnlyList<PlanLine> lines)
    {
        var entries = new PlanEntry[lines.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            if (lines[i] is not { } line || line.Causes.Any(c => c is null))
                throw new PlanFormatException(0, $"entry {i + 1} is null or has a null cause");

            if (i > 0 && string.CompareOrdinal(lines[i - 1].Path, line.Path) >= 0)
            {
                throw new PlanFormatException(
                    0,
                    $"'{line.Path}' comes after '{lines[i - 1].Path}': entries must be in ordinal order, each once"
                );
            }

            entries[i] = new PlanEntry
            {
                Path = line.Path,
                Kind = line.Kind,
                Size = line.Size,
                LinkTarget = line.Link,
                Action = line.Action,
                Offload = line.Offload,
                StandIn = StandIn(line),
                Causes =
                    line.Causes.Count > 0
                        ? [.. line.Causes.Select(text => Parse(text, line.Path))]
                        : throw new PlanFormatException(0, $"'{line.Path}' has no cause"),
            };
        }

        return entries;
    }

    private static PlanStandIn? StandIn(PlanLine line) =>
        (line.Action == PlanAction.StandIn) == line.StandIn is not null
            ? line.StandIn
            : throw new PlanFormatException(0, $"'{line.Path}' has the action {line.Action}, and standIn does not fit it");

    private static Cause Parse(string text, string path)
    {
        var space = text.IndexOf(' ');
        var word = space < 0 ? text : text[..space];
        return Enum.TryParse<Reason>(word, out var reason) && char.IsAsciiLetter(word[0])
            ? new Cause(reason, space < 0 ? null : text[(space + 1)..])
            : throw new PlanFormatException(0, $"'{path}' has the unknown reason '{word}'");
    }
}
