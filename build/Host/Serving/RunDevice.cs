using Cake.Core;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Serving;

/// <summary>What a program computes on: the machine's GPU, its CPU, or what stands in for a GPU.</summary>
public sealed class RunDevice(BuildContext context)
{
    /// <summary>The machine's own.</summary>
    public const string Gpu = "gpu";

    private const string Cpu = "cpu";
    private const string Crun = "crun";

    /// <summary>Those that need no program around the program: the others are VerifyMinimal's and CheckGpu's.</summary>
    private IEnumerable<Device> StandIns =>
        context.Variant.Devices.Select(d => context.Book.Devices[d].For(context.Recipe.Gpu)).Where(d => d.Installed is null);

    /// <exception cref="CakeException">It can't be used here; the message says what can.</exception>
    public RunPlace Place(ICollection<string> notes)
    {
        var name = context.Value(Arguments.Device) ?? Gpu;
        if (name == Gpu)
            return OnGpu(notes);
        if (name == Cpu)
        {
            notes.Add("It computes on the CPU.");
            return new();
        }

        return StandIn(name, notes);
    }

    private RunPlace OnGpu(ICollection<string> notes)
    {
        var report = MachineCheck.Of(context, context.Machine);
        if (!report.Works)
        {
            var errors = report with { Findings = [.. report.Findings.Where(f => f.Level == FindingLevel.Error)] };
            foreach (var line in HostText.Lines(errors))
                Console.Error.WriteLine(line);
            throw new CakeException(
                $"{context.Recipe.Name} would not run on this machine's GPU; see above\n"
                    + $"Next: what stands there, or try it on something else:\n{Instead()}"
            );
        }

        var nodes = GpuNodes.Find(
            context.Machine,
            context.Book.RunsOnRocr(context.Variant),
            context.Book.Gpus[context.Recipe.Gpu].GfxTargetVersion
        );
        if (nodes.Missing is { } missing)
        {
            throw new CakeException(
                $"this machine has no {missing}, and the program would silently compute on the CPU\nNext: try something else:\n{Instead()}"
            );
        }

        var keeps = KeepsGroups(context);
        if (nodes.Closed.Count > 0 && !context.IsRoot)
            notes.Add($"This user may not open {string.Join(", ", nodes.Closed)}.");
        return new() { Gpu = nodes, KeepsGroups = keeps };
    }

    private RunPlace StandIn(string name, ICollection<string> notes)
    {
        IReadOnlyList<string> known = [Gpu, Cpu, .. StandIns.Select(d => d.Name)];
        if (!known.Contains(name))
            throw new CakeException($"--{Arguments.Device} is '{name}'; known: {string.Join(", ", known)}");
        var device = context.Book.Devices[name].For(context.Recipe.Gpu);
        var kit = context.Paths.Kit(name);
        if (!Directory.Exists(kit))
            throw new CakeException($"{device.Title} is not made yet\nNext: {context.Command("DeviceKits")} makes it.");
        notes.Add($"It runs on {device.Title}{(device.Computes ? "" : ", which computes nothing: what it says is meaningless")}.");
        return new()
        {
            Environment = device.Environment,
            Mounts = DeviceParts.Mounts(device, kit),
            Nodes = DeviceParts.Nodes(device),
        };
    }

    /// <summary>Rootless podman can hand a user's groups on with crun only (containers/podman#25000).</summary>
    public static bool KeepsGroups(BuildContext context) =>
        context is { IsRoot: false, Engine.Kind: EngineKind.Podman }
        && string.Concat(context.EngineCommand("info", "--format", "{{.Host.OCIRuntime.Name}}")).Trim() == Crun;

    /// <summary>What else the recipe can be tried on, a line each.</summary>
    private string Instead() =>
        string.Join(
            '\n',
            StandIns
                .Select(d => $"  --{Arguments.Device}={d.Name}  {d.Title}{(d.Computes ? "" : "; what it says is meaningless")}")
                .Prepend($"  --{Arguments.Device}={Cpu}  the CPU, slowly")
        );
}
