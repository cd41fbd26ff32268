using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of devices, and of the workloads and variants that name them.</summary>
internal sealed partial class DeviceRules(YamlBinder binder, Lazy<IReadOnlyDictionary<string, Device>> devices)
{
    private const int LongestFactor = 20;

    /// <summary>Checks recipes/_shared/devices.yml.</summary>
    public static void Check(YamlBinder binder, DeviceFacts facts, IReadOnlyDictionary<string, Gpu> gpus)
    {
        foreach (var (name, device) in facts.Devices)
        {
            var key = $"devices.{name}";
            if (!Name().IsMatch(name))
                binder.Problem(key, $"'{name}' is no name of a device; use a-z, 0-9 and '-'");
            if (device.Kit is null == device.Installed is null)
                binder.Problem(key, "a device has either 'kit' or 'installed'");
            if (device.Kit is { } kit)
                Check(binder, $"{key}.kit", kit);
            if (device.Installed is { } installed)
                InstalledRules.Check(binder, key, device, installed);
            CheckPlaces(binder, key, device);
            if (device.TimeFactor is < 1 or > LongestFactor)
                binder.Problem($"{key}.time_factor", $"the factor must be 1 to {LongestFactor}");
            foreach (var gpu in device.Plays.Keys.Where(g => !gpus.ContainsKey(g)))
            {
                binder.Problem(
                    $"{key}.plays.{gpu}",
                    $"unknown gpu '{gpu}'; known: {string.Join(", ", gpus.Keys)} (recipes/_shared/gpus.yml)"
                );
            }

            if (device.Proof.Count == 0)
                binder.Problem($"{key}.proof", "without a text that shows that the device was used, nothing is proven on it");
            foreach (var (i, pattern) in device.Proof.Index().Where(p => !IsPattern(p.Item)))
                binder.Problem($"{key}.proof[{i}]", $"'{pattern}' is no regular expression");
            foreach (var (i, pattern) in device.Same.Index().Where(p => !IsPattern(p.Item)))
                binder.Problem($"{key}.same[{i}]", $"'{pattern}' is no regular expression");
        }
    }

    private static void Check(YamlBinder binder, string key, DeviceKit kit)
    {
        foreach (var (part, folder) in kit.With.Select((w, i) => ($"with[{i}]", w)).Prepend(("from", kit.From)))
        {
            if (!Name().IsMatch(folder))
                binder.Problem($"{key}.{part}", $"'{folder}' is no folder of docker/devices; use a-z, 0-9 and '-'");
        }
    }

    private static void CheckPlaces(YamlBinder binder, string key, Device device)
    {
        foreach (var (place, path) in device.Mounts)
        {
            if (!Sysfs().IsMatch(place) || !Part().IsMatch(path))
                binder.Problem($"{key}.mounts", $"'{place}: {path}' must be a folder below /sys and a path in the kit");
        }

        foreach (var (i, node) in device.Nodes.Index().Where(n => !Node().IsMatch(n.Item)))
            binder.Problem($"{key}.nodes[{i}]", $"'{node}' must be a path below /dev");
    }

    /// <summary>Checks what a recipe says of devices.</summary>
    public void Check(Recipe recipe)
    {
        foreach (var (i, workload) in recipe.Workloads.Index().Where(w => w.Item.Device is not null))
            Check($"workloads[{i}]", workload);
        foreach (var (name, variant) in recipe.Variants)
        {
            foreach (var (i, device) in variant.Devices.Index())
                Check($"variants.{name}.devices[{i}]", device, name, recipe);
        }
    }

    private void Check(string key, Workload workload)
    {
        if (Find($"{key}.device", workload.Device!) is not { Traced: false } device)
            return;
        if (workload.ComparesText)
        {
            binder.Problem(
                $"{key}.compare",
                $"on '{device.Name}' nothing runs in the full image, so there is no text to compare with; leave 'compare' out"
            );
        }
    }

    private void Check(string key, string name, string variant, Recipe recipe)
    {
        if (Find(key, name) is not { } device)
            return;
        if (!device.CanPlay(recipe.Gpu))
            binder.Problem(key, $"'{name}' can't stand in for {recipe.Gpu}; it can for {string.Join(", ", device.Plays.Keys)}");
        else if (!recipe.WorkloadsOf(variant).Any(w => w.Device == name))
            binder.Problem(key, $"no workload of the variant runs on '{name}': nothing is proven there");
    }

    private Device? Find(string key, string name)
    {
        if (devices.Value.TryGetValue(name, out var device))
            return device;
        binder.Problem(
            key,
            $"unknown device '{name}'; known: {string.Join(", ", devices.Value.Keys)} (recipes/_shared/devices.yml); "
                + "leave 'device' out for the CPU"
        );
        return null;
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A/sys(/[a-z0-9][a-z0-9._-]*)+\z")]
    private static partial Regex Sysfs();

    [GeneratedRegex(@"\A/dev(/[a-z0-9][a-z0-9._-]*)+\z")]
    private static partial Regex Node();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*\z")]
    private static partial Regex Part();
}
