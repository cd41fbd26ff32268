using System.Text;
using System.Text.Json;

namespace Gfxbake.Pipeline.Plan;

/// <summary>Writes plan.json: an entry a line in ordinal order, so that two plans can be diffed.</summary>
public static class PrunePlanWriter
{
    public static void Write(PrunePlan plan, Stream output)
    {
        Text($"{{\n\"format\":{PlanFile.CurrentFormat}");
        Property("codeTargets", plan.CodeTargets);
        Property("offload", plan.Offload);
        Property("totals", plan.Totals);
        Lines("keepRules", plan.KeepRules.Select(r => new { r.Path, r.Why }));
        Lines("problems", plan.Problems);
        Lines("notInImage", plan.NotInImage);
        Lines("entries", plan.Entries.Select(PlanLine.Of));
        Text("\n}\n");

        void Property<T>(string name, T value)
        {
            Text($",\n\"{name}\":");
            JsonSerializer.Serialize(output, value, PlanFile.Options);
        }

        void Lines<T>(string name, IEnumerable<T> items)
        {
            var (start, end) = ($",\n\"{name}\":[\n", $",\n\"{name}\":[]");
            foreach (var item in items)
            {
                Text(start);
                JsonSerializer.Serialize(output, item, PlanFile.Options);
                (start, end) = (",\n", "\n]");
            }

            Text(end);
        }

        void Text(string text) => output.Write(Encoding.UTF8.GetBytes(text));
    }
}
