using System.Globalization;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Run;

/// <summary>What a machine has for a model.</summary>
/// <param name="Bytes">The least of what is available and what its GPU reaches.</param>
/// <param name="Source">Where that comes from, for people.</param>
public sealed record MachineMemory(long Bytes, string Source)
{
    /// <summary>Of the machine whose /proc and /sys lie below a root.</summary>
    /// <remarks>A GPU in the processor takes from the same memory: what is available limits it, and GTT and VRAM do.</remarks>
    /// <exception cref="FitException">/proc/meminfo does not tell what is available.</exception>
    public static MachineMemory Of(string root)
    {
        var available = Available(Path.Combine(root, "proc", "meminfo"));
        var gpu = Gpus(Path.Combine(root, "sys", "class", "drm")).OrderByDescending(g => g.Gtt + g.Vram).FirstOrDefault();
        if (gpu == default)
            return new MachineMemory(available, $"MemAvailable {SizeText.Of(available)}; no amdgpu here");
        return new MachineMemory(
            Math.Min(available, gpu.Gtt + gpu.Vram),
            $"the least of MemAvailable {SizeText.Of(available)} and "
                + $"GTT {SizeText.Of(gpu.Gtt)} + VRAM {SizeText.Of(gpu.Vram)} of {gpu.Name}"
        );
    }

    private static long Available(string file)
    {
        // "MemAvailable:   24105964 kB", which are units of 1024.
        var words = File.Exists(file)
            ? File.ReadLines(file)
                .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .FirstOrDefault(w => w is ["MemAvailable:", ..])
            : null;
        return words is [_, var text, "kB"] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes)
            ? Math.Min(kibibytes, long.MaxValue / 2048) * 1024
            : throw new FitException($"{file} does not say what is available; give --memory=, for instance --memory='120 GB'");
    }

    private static IEnumerable<(string Name, long Gtt, long Vram)> Gpus(string folder)
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (var card in Directory.EnumerateDirectories(folder, "card*").Order(StringComparer.Ordinal))
        {
            if (Number(card, "mem_info_gtt_total") is { } gtt && Number(card, "mem_info_vram_total") is { } vram)
                yield return (Path.GetFileName(card), gtt, vram);
        }
    }

    private static long? Number(string card, string name)
    {
        var file = Path.Combine(card, "device", name);
        return
            File.Exists(file)
            && long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < long.MaxValue / 4
            ? number
            : null;
    }
}
