using System.Text.RegularExpressions;

namespace Gfxbake.Recipes.Model;

/// <summary>What programs reach a device by.</summary>
public enum DeviceApi
{
    /// <summary>ROCr's HSA, below HIP.</summary>
    Hsa,

    Vulkan,
}

/// <summary>
/// Something that stands in for a GPU (recipes/_shared/devices.yml). A workload that names none runs on the CPU.
/// </summary>
public sealed record Device
{
    private string name = "";

    /// <summary>Its key in the file.</summary>
    public string Name => name;

    /// <summary>How sentences name it, after "on": "the null GPU".</summary>
    public required string Title { get; init; }

    public required DeviceApi Api { get; init; }

    /// <summary>Whether its results are right, so that numbers can be compared.</summary>
    public required bool Computes { get; init; }

    /// <summary>Whether workloads on it say what the image needs; else they only run in the pruned image.</summary>
    public bool Traced { get; init; } = true;

    /// <summary>How the files are made that containers get at <see cref="Folder"/>; null: they are <see cref="Installed"/>.</summary>
    public DeviceKit? Kit { get; init; }

    /// <summary>Where this machine may have them; null: they are made.</summary>
    public InstalledDevice? Installed { get; init; }

    /// <summary>
    /// Variables of its workloads; {kit} is its folder in the container, {plays} and {shows} are of the row of the recipe's GPU.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What of the kit containers see at another place too, a folder of /sys: there programs read that ask no library.</summary>
    public IReadOnlyDictionary<string, string> Mounts { get; init; } = new Dictionary<string, string>();

    /// <summary>Device nodes that whoever opens them can open; behind them is what /dev/null is.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Which GPU it plays for the recipe's GPU; none named: it plays any as it is.</summary>
    public IReadOnlyDictionary<string, PlayedGpu> Plays { get; init; } = new Dictionary<string, PlayedGpu>();

    /// <summary>The variable that names the file which gets what each kernel cost; null where nothing is counted.</summary>
    public string? Profile { get; init; }

    /// <summary>Regular expressions that each match in the output of a program that used it.</summary>
    public IReadOnlyList<string> Proof { get; init; } = [];

    /// <summary>Regular expressions: what each finds in the output of a program must be what it found in the full image.</summary>
    public IReadOnlyList<string> Same { get; init; } = [];

    /// <summary>How many times longer than the CPU its workloads may take.</summary>
    public int TimeFactor { get; init; } = 1;

    /// <summary>The folder of containers that holds one folder for each device.</summary>
    public const string Kits = "/opt/gfxbake";

    /// <summary>Where its kit is mounted, read-only.</summary>
    public string Folder => $"{Kits}/{Name}";

    /// <summary>Whether it can stand in for a GPU.</summary>
    public bool CanPlay(string gpu) => Plays.Count == 0 || Plays.ContainsKey(gpu);

    /// <summary>What stands before a command on it; none where nothing does.</summary>
    /// <param name="kit">Where its kit lies on this machine.</param>
    /// <returns>Null when the kit has none of its programs: it is not installed.</returns>
    public IReadOnlyList<string>? Wrapper(string kit) =>
        Installed is null ? [] : Installed.Programs.Select(p => p.Words).FirstOrDefault(w => File.Exists(kit + w[0][Folder.Length..]));

    public Device Named(string key) => this with { name = key };

    /// <summary>The device as it stands in for one GPU: words in braces are filled in.</summary>
    public Device For(string gpu)
    {
        var played = Plays.GetValueOrDefault(gpu);
        return this with
        {
            Title = Fill(Title, text => text),
            Environment = Environment.ToDictionary(v => v.Key, v => Fill(v.Value, text => text)),
            Proof = [.. Proof.Select(p => Fill(p, Regex.Escape))],
            Installed = Installed?.Filled(w => Fill(w, text => text)),
            Plays = new Dictionary<string, PlayedGpu>(),
        };

        string Fill(string text, Func<string, string> quote) =>
            text.Replace("{kit}", Folder, StringComparison.Ordinal)
                .Replace("{plays}", quote(played?.Id ?? gpu), StringComparison.Ordinal)
                .Replace("{shows}", quote(played?.Shows ?? gpu), StringComparison.Ordinal);
    }
}

/// <summary>The GPU that a device plays in place of another.</summary>
/// <param name="Id">What the device calls it.</param>
/// <param name="Shows">What programs print of it.</param>
public sealed record PlayedGpu(string Id, string Shows);

/// <summary>How the files of a device are made.</summary>
public sealed record DeviceKit
{
    /// <summary>A folder below docker/devices/ with a Dockerfile, which gets BASE and makes /kit.</summary>
    public required string From { get; init; }

    /// <summary>Further folders there, whose files the Dockerfile finds below their name.</summary>
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>Further build arguments.</summary>
    public IReadOnlyDictionary<string, string> Args { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it gets the GPU as the kernel driver's topology, in the folder topology.</summary>
    public bool Topology { get; init; }

    /// <summary>Whether it gets, in the folder sys, what the kernel driver shows of the GPU in /sys.</summary>
    public bool Driver { get; init; }
}
