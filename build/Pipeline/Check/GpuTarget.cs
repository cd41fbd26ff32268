using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Pipeline.Check;

/// <summary>What CheckGpu tries: this machine's GPU, or what stands in for one.</summary>
/// <param name="StandIn">Null for the GPU.</param>
/// <param name="Checks">What runs on it.</param>
public sealed record GpuTarget(Device? StandIn, IReadOnlyList<Workload> Checks)
{
    /// <summary>The target that tries it.</summary>
    public const string Name = "CheckGpu";

    /// <summary>How sentences name it, after "on".</summary>
    public string Title => StandIn?.Title ?? "this machine's GPU";

    public bool Computes => StandIn?.Computes ?? true;

    /// <param name="book">Has the devices.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="variant">One of its variants.</param>
    /// <param name="device">A name of devices.yml; null for the GPU.</param>
    /// <exception cref="StepException">The variant has no such device, or nothing to check.</exception>
    public static GpuTarget Of(RecipeBook book, Recipe recipe, string variant, string? device)
    {
        var devices = recipe.Variants[variant].Devices;
        if (device is not null && !devices.Contains(device))
        {
            throw new StepException(
                $"the variant {variant} of {recipe.Name} has no device '{PlainText.Visible(device)}'; known: {string.Join(", ", devices)}"
            );
        }

        var standIn = device is null ? null : book.Devices[device].For(recipe.Gpu);
        var checks = recipe.ChecksOf(variant, device is null ? null : book.Devices[device]);
        return checks.Count > 0
            ? new(standIn, checks)
            : throw new StepException(
                $"nothing is to be checked on a GPU: no workload of {recipe.Name} with 'check' is for the variant {variant} "
                    + $"(recipes/{recipe.Name}/recipe.yml)"
            );
    }

    /// <summary>A check's command as it computes on the CPU.</summary>
    public static Workload OnCpu(Workload check) =>
        check.RunOn(null) with
        {
            Environment = Merged(check.Environment, check.Check!.CpuEnvironment),
        };

    /// <summary>A check's command as it computes on the GPU; where its numbers count it tells of its kernels.</summary>
    public Workload OnGpu(Workload check) => Computes ? check with { Environment = Merged(check.Environment, check.Check!.Watch) } : check;

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> some, IReadOnlyDictionary<string, string> others)
    {
        var all = some.ToDictionary();
        foreach (var (name, value) in others)
            all[name] = value;
        return all;
    }

    /// <summary>What to say on a machine without a GPU.</summary>
    /// <param name="book">Has the devices.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="missing">The node that is not there.</param>
    /// <param name="command">The command of a target.</param>
    public static string NoGpu(RecipeBook book, Variant variant, string missing, Func<string, string> command) =>
        $"this machine has no GPU that could be used: {missing} is not there\n"
        + (
            variant.Devices.Count == 0
                ? ""
                : "Without a GPU the same can run on what stands in for one:\n"
                    + string.Concat(variant.Devices.Select(d => $"  {command(Name)} --device={d}   ({Words(book.Devices[d])})\n"))
        )
        + $"Where there should be a GPU, {command("Doctor")} tells what keeps it away.";

    private static string Words(Device device) => device.Computes ? "computes, on the CPU" : "computes nothing";
}
