using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Devices;

/// <summary>kits.json: the files of the devices that a variant is tried on.</summary>
public sealed record KitsRecord : StepRecord
{
    /// <summary>A digest of each device's folder; of a device that is not installed there is none.</summary>
    public required IReadOnlyDictionary<string, string> Kits { get; init; }
}

/// <summary>What the kits depend on.</summary>
public sealed record KitsInput
{
    [Input("base image")]
    public required string BaseImage { get; init; }

    /// <summary>What installs a C compiler in the base; null: apt-get.</summary>
    [Input("command of the base that installs a compiler")]
    public required string? InstallCompiler { get; init; }

    [Input("devices")]
    public required IReadOnlyList<Device> Devices { get; init; }

    /// <summary>Files of docker/devices by their path in the repository.</summary>
    [Inputs]
    public required Dictionary<string, string> Templates { get; init; }

    /// <summary>What this machine has of devices that are installed.</summary>
    [Input("programs of this machine")]
    public required IReadOnlyDictionary<string, InstalledKit> Installed { get; init; }

    [Input("gpu")]
    public required Gpu Gpu { get; init; }

    [Place]
    public required BuildPaths Paths { get; init; }

    [Place]
    public required ImageNames Names { get; init; }

    [Place]
    public required BuiltBase Base { get; init; }
}

/// <summary>
/// Makes what stands in for a GPU: a folder for each device, mounted into containers read-only. Neither the full nor the minimal image
/// ever holds it.
/// </summary>
/// <param name="bases">Puts a base back that somebody took away.</param>
/// <param name="searchPath">PATH, where programs of devices are looked for.</param>
public sealed class KitsStep(IBases bases, string? searchPath = null) : Step<KitsInput, KitsRecord>
{
    private const string Folder = "docker/devices/";

    public override string Name => "DeviceKits";

    public override IReadOnlyList<object> Outside => [bases];

    public override string RecordOf(BuildPaths paths) => paths.KitsRecord;

    public override KitsInput Gather(Workspace workspace, IEngine engine)
    {
        List<Device> devices = [.. workspace.Workloads.Select(w => w.On).OfType<Device>().DistinctBy(d => d.Name)];
        return new()
        {
            BaseImage = BuiltBase.Of(workspace).Id,
            InstallCompiler = workspace.Variant.Base.Trace?.Compiler,
            Devices = devices,
            Templates = devices
                .SelectMany(d => d.Kit is { } kit ? kit.With.Append(kit.From) : [])
                .Distinct()
                .SelectMany(f => KitBuild.Templates(workspace, Folder, f))
                .ToDictionary(),
            Installed = devices.Where(d => d.Installed is not null).ToDictionary(d => d.Name, new InstalledSearch(searchPath).Find),
            Gpu = workspace.Book.Gpus[workspace.Recipe.Gpu],
            Paths = workspace.Paths,
            Names = workspace.Names,
            Base = BuiltBase.Of(workspace),
        };
    }

    public override bool StillThere(KitsInput input, KitsRecord record, IEngine engine) =>
        input.Devices.All(d => Directory.Exists(input.Paths.Kit(d.Name)) == IsThere(d, input));

    public override KitsRecord Make(KitsInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var kits = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var device in input.Devices)
        {
            if (device.Installed is not null)
                Folders.Remove(input.Paths.Kit(device.Name));
            if (!IsThere(device, input))
            {
                reporter.Say($"  {device.Name}: not installed ({input.Installed[device.Name].Missing})");
                continue;
            }

            reporter.Say($"  {device.Name}: {device.Title}");
            if (device.Kit is { } made)
                Make(device, made, input, engine);
            else
                input.Installed[device.Name].CopyTo(input.Paths.Kit(device.Name));
            kits[device.Name] = Fingerprint.OfTree(input.Paths.Kit(device.Name));
        }

        return new() { Inputs = [], Kits = kits };
    }

    private static bool IsThere(Device device, KitsInput input) =>
        !input.Installed.TryGetValue(device.Name, out var found) || found.Missing is null;

    private void Make(Device device, DeviceKit made, KitsInput input, IEngine engine)
    {
        var arguments = KitBuild.Arguments(input.Base.From(engine, bases), input.InstallCompiler);
        foreach (var (name, value) in made.Args)
            arguments.TryAdd(name, value);
        var kit = input.Paths.Kit(device.Name);
        new KitBuild(Folder, made.From, input.Names.Own("kit-" + device.Name), input.Paths.Context("device-" + device.Name), arguments)
        {
            With = made.With,
        }.Make(engine, input.Templates, kit);
        var gpu = Model(input.Gpu);
        if (made.Topology)
            Write(KfdTopology.Files(gpu), Path.Combine(kit, "topology"));
        if (made.Driver)
            Write(DriverFiles.Files(gpu), Path.Combine(kit, "sys"));
    }

    private static void Write(IReadOnlyDictionary<string, string> files, string folder)
    {
        foreach (var (name, text) in files)
            AtomicFile.WriteText(Path.Combine(folder, name), text);
    }

    /// <summary>What the kernel driver would show of a GPU.</summary>
    public static TopologyGpu Model(Gpu gpu) =>
        new()
        {
            Name = "ip discovery",
            GfxTargetVersion = gpu.GfxTargetVersion,
            FamilyId = gpu.FamilyId,
            SimdCount = 2 * gpu.ComputeUnits,
            MemoryBytes = gpu.Memory,
        };
}
