using System.Globalization;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Run;

/// <summary>What a machine has for a model.</summary>
/// <param name="Bytes">The least of what is available and what its GPU reaches.</param>
/// <param name="Source">Where that comes from, for people.</param>
public sealed record MachineMemory(long Bytes, string Source)
{
    private const string Meminfo = "/proc/meminfo";
    private const string Gtt = "mem_info_gtt_total";

    /// <summary>Of a machine.</summary>
    /// <remarks>A GPU in the processor takes from the same memory: what is available limits it, and GTT and VRAM do.</remarks>
    /// <exception cref="FitException">/proc/meminfo does not tell what is available.</exception>
    public static MachineMemory Of(HostTree machine)
    {
        var available = Available(machine);
        var gpu = Gpus(machine).OrderByDescending(g => g.Gtt + g.Vram).FirstOrDefault();
        if (gpu == default)
            return new MachineMemory(available, $"MemAvailable {SizeText.Of(available)}; no amdgpu here");
        return new MachineMemory(
            Math.Min(available, gpu.Gtt + gpu.Vram),
            $"the least of MemAvailable {SizeText.Of(available)} and "
                + $"GTT {SizeText.Of(gpu.Gtt)} + VRAM {SizeText.Of(gpu.Vram)} of {PlainText.Visible(gpu.Name)}"
        );
    }

    private static long Available(HostTree machine)
    {
        // "MemAvailable:   24105964 kB", which are units of 1024.
        var words = machine
            .Read(Meminfo)
            ?.Split('\n')
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(w => w is ["MemAvailable:", ..]);
        return words is [_, var text, "kB"] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes)
            ? Math.Min(kibibytes, long.MaxValue / 2048) * 1024
            : throw new FitException($"{Meminfo} does not say what is available; give --memory=, for instance --memory='120 GB'");
    }

    private static IEnumerable<(string Name, long Gtt, long Vram)> Gpus(HostTree machine)
    {
        foreach (var file in machine.Find($"sys/class/drm/card*/device/{Gtt}"))
        {
            var folder = file[..^Gtt.Length];
            if (Number(machine, file) is { } gtt && Number(machine, folder + "mem_info_vram_total") is { } vram)
                yield return (file.Split('/')[4], gtt, vram);
        }
    }

    private static long? Number(HostTree machine, string file) =>
        long.TryParse(machine.Read(file)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number < long.MaxValue / 4
            ? number
            : null;
}
