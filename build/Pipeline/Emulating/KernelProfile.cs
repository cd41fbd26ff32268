using System.Globalization;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Emulating;

/// <summary>What one kernel cost on a device that counts.</summary>
/// <param name="Name">The kernel, as its code object names it.</param>
/// <param name="Dispatches">How often it was launched.</param>
/// <param name="Instructions">Of all its waves.</param>
/// <param name="Waves">All of them.</param>
/// <param name="Bytes">That it read and wrote.</param>
/// <param name="Microseconds">From each launch to its end, by the clock.</param>
public sealed record KernelCost(string Name, ulong Dispatches, ulong Instructions, ulong Waves, ulong Bytes, ulong Microseconds);

/// <summary>A profile can't be read.</summary>
public sealed class KernelProfileException(string message) : Exception(message);

/// <summary>The file that a device writes: a line for each kernel, its columns parted by tabs and named by the first line.</summary>
public static class KernelProfile
{
    /// <summary>Its name in the folder that the container writes to.</summary>
    public const string FileName = "profile.tsv";

    private const int MostKernels = 100_000;
    private const long MostBytes = 64 << 20;

    private static readonly string[] Columns =
    [
        "kernel",
        "dispatches",
        "instructions",
        "waves",
        "groups",
        "read",
        "written",
        "microseconds",
    ];

    /// <summary>Reads it; the dearest kernel comes first.</summary>
    /// <exception cref="KernelProfileException">It is missing, no plain file, too large, or of another form.</exception>
    public static IReadOnlyList<KernelCost> Read(string path)
    {
        // A container wrote it, so it can be anything.
        var file = new FileInfo(path);
        if (file is not { Exists: true, LinkTarget: null } || file.Attributes.HasFlag(FileAttributes.Device))
            throw new KernelProfileException("there is no profile: the program launched no kernel, or it ended before it could write one");
        if (file.Length > MostBytes)
            throw new KernelProfileException($"the profile has {file.Length} bytes; more than {MostBytes} are not read");
        return Read(File.ReadLines(path));
    }

    /// <exception cref="KernelProfileException">It is of another form.</exception>
    public static IReadOnlyList<KernelCost> Read(IEnumerable<string> lines)
    {
        var costs = new List<KernelCost>();
        foreach (var (i, line) in lines.Index())
        {
            var cells = line.Split('\t');
            if (i == 0 && !cells.SequenceEqual(Columns))
                throw new KernelProfileException($"the profile's first line is not {string.Join(", ", Columns)}");
            if (i > MostKernels)
                throw new KernelProfileException($"the profile has more than {MostKernels} kernels");
            if (i > 0)
                costs.Add(Cost(cells, i + 1));
        }

        return costs.Count > 0
            ? [.. costs.OrderByDescending(c => c.Instructions).ThenBy(c => c.Name, StringComparer.Ordinal)]
            : throw new KernelProfileException("the profile holds no kernel");
    }

    private static KernelCost Cost(string[] cells, int line)
    {
        var numbers = new ulong[Columns.Length];
        var isRead = cells.Length == Columns.Length && cells[0].Length > 0;
        for (var i = 1; isRead && i < Columns.Length; i++)
            isRead = ulong.TryParse(cells[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
        return isRead
            ? new(PlainText.Visible(cells[0]), numbers[1], numbers[2], numbers[3], unchecked(numbers[5] + numbers[6]), numbers[7])
            : throw new KernelProfileException($"line {line} of the profile is no name and {Columns.Length - 1} numbers");
    }
}
