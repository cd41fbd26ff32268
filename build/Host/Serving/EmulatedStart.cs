using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Emulating;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Serving;

/// <summary>Puts together what Emulate runs. Kit and variables are those of the device's workloads, rights those of Run.</summary>
public sealed class EmulatedStart(BuildContext context)
{
    private const string ProfileFolder = $"{Device.Kits}/profile";

    /// <summary>The images that it may be, the first that is there.</summary>
    private static readonly string[] Kinds = ["minimal", "full"];

    private readonly List<string> notes = [];
    private readonly bool hasProfile = context.FlagOf(Arguments.Profile, nameof(Tasks.Run.Emulate));

    private string Written => Path.Combine(context.Paths.Emulated, "profile");

    private string Topology => Path.Combine(context.Paths.Emulated, "topology");

    /// <summary>What to know about it, a sentence each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <exception cref="CakeException">What can't work, with what to do instead.</exception>
    public ProgramRun Prepare()
    {
        var words = context.CommandLine.Extra;
        if (words.Count == 0)
            throw new CakeException("Emulate needs a program of the image, for instance --target=Emulate -- llama-bench --list-devices");
        var gpu = Gpu();
        var device = Emulator().For(context.Recipe.Gpu);
        var kit = context.Paths.Kit(device.Name);
        if (!Directory.Exists(kit))
            throw new CakeException($"{device.Title} is not made yet\nNext: {context.Command("DeviceKits")} makes it.");
        notes.Add($"It runs on {device.Title} in place of {gpu}.");
        var environment = device.Environment.ToDictionary();
        List<Mount> mounts = [.. DeviceParts.Mounts(device, kit)];
        if (gpu != context.Recipe.Gpu)
            mounts.Add(new(Topology, $"{device.Folder}/topology"));
        if (Models() is { } models)
            mounts.Add(new(models, RunRule.Folder));
        if (hasProfile)
        {
            mounts.Add(new(Written, ProfileFolder, Writable: true));
            environment[device.Profile!] = $"{ProfileFolder}/{KernelProfile.FileName}";
        }

        return new()
        {
            Image = Image(),
            Program = words[0],
            Arguments = [.. words.Skip(1)],
            Environment = environment,
            Mounts = mounts,
            Devices = DeviceParts.Nodes(device),
            Relabels = context.Machine.Read("/sys/fs/selinux/enforce") is not null,
            HasNetwork = false,
            ReadsInput = Console.IsInputRedirected,
        };
    }

    /// <summary>Makes the folders that the container gets.</summary>
    public void Ready()
    {
        Folders.Empty(Written);
        Folders.OpenToAll(context.Paths.Emulated, Path.GetFileName(Written));
        foreach (var (name, text) in KfdTopology.Files(KitsStep.Model(context.Book.Gpus[Gpu()])))
            AtomicFile.WriteText(Path.Combine(Topology, name), text);
    }

    /// <summary>What the kernels cost, in lines; none when nobody asked.</summary>
    public IEnumerable<string> Profile()
    {
        if (!hasProfile)
            return [];
        var file = Path.Combine(Written, KernelProfile.FileName);
        try
        {
            return KernelProfileText.Lines(KernelProfile.Read(file), context.Paths.Show(file));
        }
        catch (KernelProfileException exception)
        {
            // A kit that an older checkout made writes other columns.
            return File.Exists(file)
                ? [exception.Message, $"Next: {context.Command("DeviceKits")} makes the device anew."]
                : [exception.Message];
        }
    }

    private string Gpu()
    {
        var name = context.Value(Arguments.Gpu) ?? context.Recipe.Gpu;
        return context.Book.Gpus.ContainsKey(name)
            ? name
            : throw new CakeException($"--{Arguments.Gpu} is '{name}'; known: {string.Join(", ", context.Book.Gpus.Keys)}");
    }

    private Device Emulator()
    {
        var counting = context.Book.Devices.Values.Where(d => d.Profile is not null).Select(d => d.Name).ToList();
        if (context.Variant.Devices.FirstOrDefault(counting.Contains) is { } name)
            return context.Book.Devices[name];
        var others = context.Recipe.Variants.Where(v => v.Value.Devices.Any(counting.Contains)).Select(v => v.Key).ToList();
        throw new CakeException(
            $"variant {context.VariantName} of {context.Recipe.Name} has no device that is emulated; "
                + (others.Count == 0 ? "no variant of this recipe has" : $"variants that have: {string.Join(", ", others)}")
        );
    }

    private string Image() =>
        Kinds.Select(context.PublicImage).FirstOrDefault(i => context.ImageId(i) is not null)
        ?? throw new CakeException(
            $"there is no image {context.PublicImage("minimal")}\nNext: {context.Command("MinimalImage")} builds it."
        );

    /// <summary>The folder that the command line names, or the test models.</summary>
    private string? Models()
    {
        if (context.Value(Arguments.ModelBase) is null)
            return Directory.Exists(context.Paths.Models) ? context.Paths.Models : null;
        return ModelBase.Need(context);
    }
}
