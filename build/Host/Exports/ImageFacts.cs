using System.Globalization;
using System.Text.Json;
using Cake.Core;

namespace Gfxbake.Host.Exports;

/// <summary>What tells an image without a name apart.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Bytes">As the engine counts.</param>
/// <param name="Layers">Digests, lowest first.</param>
/// <param name="Recipe">Our label, if it has it.</param>
internal sealed record ImageFacts(string Id, long Bytes, IReadOnlyList<string> Layers, string? Recipe)
{
    /// <summary>Reads a line "id bytes layers labels", the last two as JSON.</summary>
    public static ImageFacts Parse(string line)
    {
        try
        {
            var parts = line.Split(' ', 4);
            var labels = JsonSerializer.Deserialize<Dictionary<string, string>?>(parts[3]);
            return new ImageFacts(
                parts[0],
                long.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture),
                JsonSerializer.Deserialize<List<string>?>(parts[2]) ?? [],
                labels?.GetValueOrDefault("gfxbake.recipe")
            );
        }
        catch (Exception error) when (error is JsonException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw new CakeException(
                $"the engine describes an image as '{Gfxbake.Formats.Text.PlainText.Visible(line)}', which can't be read: {error.Message}"
            );
        }
    }
}
