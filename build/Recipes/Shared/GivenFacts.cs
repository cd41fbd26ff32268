using System.Globalization;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Recipes.Shared;

/// <summary>What Doctor knows before it looks at a machine: facts about the recipe.</summary>
/// <param name="Values">By name; each of <see cref="Names"/> is there, also those without a value.</param>
/// <param name="Variables">The image's environment.</param>
public sealed record GivenFacts(IReadOnlyDictionary<string, IReadOnlyList<string>> Values, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The facts that doctor.yml need not define.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "recipe",
        "variant",
        "gpu",
        "gpu_number",
        "code",
        "api",
        "rocr",
        "rocr_property",
        "rocr_text",
        "rocr_with_fix",
        "rocr_without_fix",
        "rocr_kernels",
        "rocr_working",
    ];

    /// <param name="recipe">The recipe.</param>
    /// <param name="variantName">One of its variants.</param>
    /// <param name="hosts">What is known of hosts.</param>
    /// <param name="gpus">What is known of GPUs.</param>
    /// <param name="devices">What can stand in for a GPU.</param>
    /// <param name="hasFix">Whether the ROCr of the image that was made has its half of the GPU's fix; null where nobody looked.</param>
    public static GivenFacts Of(
        Recipe recipe,
        string variantName,
        HostFacts hosts,
        IReadOnlyDictionary<string, Gpu> gpus,
        IReadOnlyDictionary<string, Device> devices,
        bool? hasFix = null
    )
    {
        var variant = recipe.Variants[variantName];
        var rule = variant.Rocr is null ? null : hosts.RuleOf(recipe.Gpu);
        var range = rule?.Of(variant.Rocr!.Version);
        IReadOnlyList<string> apis =
        [
            .. variant.Devices.Where(devices.ContainsKey).Select(d => Word(devices[d].Api)).Distinct(StringComparer.Ordinal),
        ];
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["recipe"] = [recipe.Name],
            ["variant"] = [variantName],
            ["gpu"] = [recipe.Gpu],
            ["gpu_number"] = [gpus[recipe.Gpu].GfxTargetVersion.ToString(CultureInfo.InvariantCulture)],
            ["code"] = [variant.CodeTarget],
            // What is tried on no device may need ROCr, as for RecipeBook.RunsOnRocr.
            ["api"] = apis.Count > 0 ? apis : [Word(DeviceApi.Hsa)],
            ["rocr"] = List(variant.Rocr?.Version),
            ["rocr_property"] = List(rule?.Property),
            ["rocr_text"] = List(hasFix is { } fix ? (fix ? "yes" : "no") : null),
            ["rocr_with_fix"] = List(range is null ? null : Word(range.WithFix)),
            ["rocr_without_fix"] = List(range is null ? null : Word(range.WithoutFix)),
            ["rocr_kernels"] = List(rule is null ? null : RocrText.Fixed(rule)),
            ["rocr_working"] = List(rule is null ? null : RocrText.Working(rule)),
        };
        var variables = recipe.Image.Environment.Concat(variant.Environment).GroupBy(v => v.Key, StringComparer.Ordinal);
        return new(values, variables.ToDictionary(v => v.Key, v => v.Last().Value, StringComparer.Ordinal));
    }

    private static IReadOnlyList<string> List(string? value) => value is null ? [] : [value];

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
