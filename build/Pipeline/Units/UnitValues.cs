using System.Globalization;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Templates;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Units;

/// <summary>What templates of units may name (docs/units.md lists it).</summary>
internal sealed class UnitValues
{
    private const string NoNewPrivileges = "no-new-privileges";

    private readonly UnitSet set;
    private readonly bool asRoot;

    public UnitValues(UnitFacts facts, UnitSet set, bool asRoot)
    {
        (this.set, this.asRoot) = (set, asRoot);
        Dictionary<string, object> common = new(StringComparer.Ordinal);
        foreach (var (name, value) in facts.Values)
            common[name] = value;
        common["recipe"] = set.Recipe;
        common["box"] = set.Box;
        common["full_image"] = set.FullImage;
        common["user"] = set.User;
        common["health"] = set.Health;
        common["several"] = set.Models.Count > 1;
        Models = [.. set.Models.Select(m => Of(m, common))];
        var runs = set.Models.Select(m => m.Run).ToList();
        All = new Dictionary<string, object>(common)
        {
            ["title"] = set.Title,
            ["models"] = Models,
            ["devices"] = runs.SelectMany(r => r.Devices).Distinct().ToList(),
            ["folders"] = set.Models.SelectMany(m => m.HostFiles).Select(f => Path.GetDirectoryName(f)!).Distinct().ToList(),
            ["image"] = runs[0].Image,
            ["groups"] = runs[0].Groups,
            ["keeps_groups"] = Models[0]["keeps_groups"],
            ["capabilities"] = runs[0].DroppedCapabilities,
            ["security"] = runs[0].SecurityOptions,
            ["ports"] = Models[0]["ports"],
            ["mounts"] = Mounts(runs.SelectMany(r => r.Mounts)),
        };
    }

    /// <summary>For a file of one model.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object>> Models { get; }

    /// <summary>For a file of all models.</summary>
    public IReadOnlyDictionary<string, object> All { get; }

    public string Use(UnitFormat format) => asRoot && format.UseAsRoot is { } other ? other : format.Use;

    /// <summary>A name or a command of a format, for one file.</summary>
    public string InWords(string text, IReadOnlyDictionary<string, object> model) =>
        text.Replace(UnitFormat.Unit, model.GetValueOrDefault("unit") as string ?? "", StringComparison.Ordinal)
            .Replace("{models}", string.Join(' ', set.Models.Select(m => m.Name)), StringComparison.Ordinal)
            .Replace("{box}", set.Box, StringComparison.Ordinal);

    private Dictionary<string, object> Of(UnitModel model, Dictionary<string, object> common)
    {
        var (run, unit) = (model.Run, $"{set.Recipe}-{model.Name}");
        return new(common)
        {
            ["name"] = model.Name,
            ["unit"] = unit,
            ["title"] = $"{model.Title} with {set.Title}",
            ["image"] = run.Image,
            ["program"] = run.Program ?? "",
            ["arguments"] = run.Arguments,
            ["options"] = Pairs(model.Options),
            ["environment"] = Pairs(run.Environment),
            ["devices"] = run.Devices,
            ["groups"] = run.Groups,
            ["keeps_groups"] = !asRoot && run.Groups.Count > 0,
            ["capabilities"] = run.DroppedCapabilities,
            ["security"] = run.SecurityOptions,
            ["no_new_privileges"] = run.SecurityOptions.Contains(NoNewPrivileges) ? "true" : "false",
            ["ports"] = run
                .Ports.Select(p => new Dictionary<string, object>
                {
                    ["address"] = p.Address,
                    ["host"] = Text(p.Host),
                    ["image"] = Text(p.Image),
                })
                .ToList(),
            ["mounts"] = Mounts(run.Mounts),
            ["host_arguments"] = model.HostArguments,
            ["host_files"] = model.HostFiles,
            // Whoever starts it watches the program itself, so the command stays in front.
            ["command"] = string.Join(' ', RunWords.Of(Grouped(run), "--name", unit).Prepend("podman").Select(Quoting.Shell)),
        };
    }

    private ProgramRun Grouped(ProgramRun run) => run with { KeepsGroups = !asRoot && run.Groups.Count > 0 };

    private static List<Dictionary<string, object>> Mounts(IEnumerable<Mount> mounts)
    {
        var distinct = mounts.Distinct().ToList();
        foreach (var twice in distinct.GroupBy(m => m.Target).Where(g => g.Count() > 1))
        {
            throw new UnitException(
                $"{string.Join(" and ", twice.Select(m => m.Source))} would both be {twice.Key} in the image; rename one of them"
            );
        }

        return [.. distinct.Select(m => new Dictionary<string, object> { ["source"] = m.Source, ["target"] = m.Target })];
    }

    private static List<Dictionary<string, object>> Pairs(IEnumerable<KeyValuePair<string, string>> pairs) =>
        [.. pairs.Select(p => new Dictionary<string, object> { ["name"] = p.Key, ["value"] = p.Value })];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
