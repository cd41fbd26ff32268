using System.Text.Json;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>
/// What the devices of all variants of a recipe gave for the same workloads, beside the CPU. Rows and names are the recipe's; the numbers
/// come from each variant's verify.json.
/// </summary>
public sealed record NumberSheet
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The variants that have workloads whose numbers are compared.</summary>
    public IReadOnlyList<SheetVariant> Variants { get; init; } = [];

    /// <summary>One for each such workload, and for each of its requests.</summary>
    public IReadOnlyList<SheetRow> Rows { get; init; } = [];

    /// <summary>With a single variant there is nothing beside it.</summary>
    public bool IsShown => Variants.Count > 1;

    public static NumberSheet Read(Recipe recipe, BuildPaths paths) =>
        Of(recipe, variant => VerifyFile.Read(paths with { Variant = variant }));

    /// <param name="recipe">Says which workloads there are.</param>
    /// <param name="read">What is known of a variant.</param>
    public static NumberSheet Of(Recipe recipe, Func<string, VerifyFile> read)
    {
        var variants = recipe
            .Variants.Keys.Select(v => (Name: v, Asks: Asks(recipe.WorkloadsOf(v))))
            .Where(v => v.Asks.Count > 0)
            .Select(v => (v.Name, v.Asks, File: read(v.Name)))
            .ToList();
        var order = recipe.Workloads.Select((w, i) => (w.Name, i)).ToDictionary(w => w.Name, w => w.i, StringComparer.Ordinal);
        return new()
        {
            Variants = [.. variants.Select(v => SheetVariant.Of(recipe, v.Name, v.Asks.Values.Any(a => IsHsa(a.Workload)), v.File))],
            Rows =
            [
                .. variants
                    .SelectMany(v => v.Asks.Keys)
                    .Distinct()
                    .OrderBy(k => order[k.Workload])
                    .Select(k => new SheetRow(
                        k.Workload,
                        k.Request,
                        [.. variants.Select(v => v.Asks.TryGetValue(k, out var ask) ? Cell(recipe, v.Name, k, ask, v.File) : null)]
                    )),
            ],
        };
    }

    /// <summary>Writes it for the page: its own words, never markup.</summary>
    internal void Write(Utf8JsonWriter json) =>
        JsonSerializer.Serialize(
            json,
            new
            {
                Variants = IsShown ? Variants : [],
                Rows = (IsShown ? Rows : []).Select(r => new { r.Workload, Cells = r.Cells.Select(c => c?.Text) }),
                Tables = (IsShown ? Rows : []).Select(SheetTable.Of).OfType<SheetTable>(),
            },
            Options
        );

    private static SheetCell Cell(Recipe recipe, string name, Key key, Ask ask, VerifyFile file)
    {
        var verdict = file.Record?.Workloads.FirstOrDefault(w => w.Name == key.Workload);
        var device = ask.Workload.On;
        var gpu = IsHsa(ask.Workload) ? $", {recipe.Variants[name].CodeTarget}" : "";
        var against = recipe.Workloads.FirstOrDefault(w => w.Name == ask.Limits.Against)?.On;
        return new()
        {
            Variant = name,
            Device = $"{device?.Title ?? WorkloadVerdict.Cpu}{gpu} ({name})",
            Reference = against?.For(recipe.Gpu).Title ?? WorkloadVerdict.Cpu,
            Found = verdict?.Numbers.Where(n => n.Request == key.Request).ElementAtOrDefault(key.Occurrence),
            Why =
                file.Record is null ? file.Why
                : verdict is null ? "not run (not in verify.json)"
                : verdict.Unproven is { } unproven ? PlainText.Line(unproven)
                : verdict.Problems.Count > 0 ? "FAILED: " + PlainText.Line(verdict.Problems[0])
                : null,
        };
    }

    // What a device of another kind runs is not the variant's code.
    private static bool IsHsa(Workload workload) => workload.On?.Api == DeviceApi.Hsa;

    private static Dictionary<Key, Ask> Asks(IEnumerable<Workload> workloads) =>
        workloads
            .SelectMany(w => (w.Serve?.Requests ?? []).Where(r => r.Numbers is not null).Select(r => (Workload: w, Request: r)))
            .GroupBy(a => (a.Workload.Name, Request: WorkloadCheck.Name(a.Request)))
            .SelectMany(g => g.Select((a, i) => (Key: new Key(g.Key.Name, g.Key.Request, i), Ask: new Ask(a.Workload, a.Request.Numbers!))))
            .ToDictionary(a => a.Key, a => a.Ask);

    private sealed record Key(string Workload, string Request, int Occurrence);

    private sealed record Ask(Workload Workload, NumberLimits Limits);
}

/// <param name="Name">The variant.</param>
/// <param name="Gpu">The GPU whose code its devices run; null where they run none.</param>
/// <param name="State">What its verify.json says as a whole, or why there is none.</param>
/// <param name="Next">The command that makes what is missing; null where nothing is.</param>
public sealed record SheetVariant(string Name, string? Gpu, string State, string? Next)
{
    /// <summary>What a column is called.</summary>
    public string Head => Gpu is null ? Name : $"{Name}, {Gpu}";

    internal static SheetVariant Of(Recipe recipe, string name, bool hasCode, VerifyFile file) =>
        new(
            name,
            hasCode ? recipe.Variants[name].CodeTarget : null,
            file.Record is not { } record ? file.Why
                : record.Passed ? "every workload passed"
                : "NOT PASSED",
            file.Record is null ? $"./build.sh --target=VerifyMinimal --recipe={recipe.Name} --variant={name}" : null
        );
}

/// <param name="Workload">Who asks.</param>
/// <param name="Request">What it asks, for instance "POST /completion".</param>
/// <param name="Cells">For each variant; null where it has no such workload.</param>
public sealed record SheetRow(string Workload, string Request, IReadOnlyList<SheetCell?> Cells);

/// <summary>What one device of one variant gave.</summary>
public sealed record SheetCell
{
    public required string Variant { get; init; }

    /// <summary>What a column is called: "the emulated GPU, gfx1100 (debian)".</summary>
    public required string Device { get; init; }

    /// <summary>What it is compared with: "the CPU".</summary>
    public required string Reference { get; init; }

    public NumberComparison? Found { get; init; }

    /// <summary>Why it was not run, or does not count, or failed; null where it passed.</summary>
    public string? Why { get; init; }

    /// <summary>The largest difference and its limit; or why there are none.</summary>
    public string Text => Found is null ? Why ?? "not compared" : Numbers(Found) + (Why is null && IsNear(Found) ? "" : ", NOT PASSED");

    private static string Numbers(NumberComparison found) => $"{NumberText.Number(found.Largest)} of {NumberText.Number(found.Limit)}";

    private static bool IsNear(NumberComparison found) => found.Largest <= found.Limit && found.Compared >= found.Least;
}
