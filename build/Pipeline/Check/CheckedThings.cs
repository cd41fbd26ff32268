using System.Text.Json;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Check;

/// <summary>Reads what a report says beside the checks.</summary>
public static partial class CheckedThings
{
    private const string FirmwareFiles = "sys/class/drm/card*/device/fw_version/*";
    private const int LongestLabel = 200;

    // What else an image is labelled with is its maker's own.
    private static readonly string[] Labels =
    [
        "org.opencontainers.image.version",
        "org.opencontainers.image.revision",
        "gfxbake.recipe",
        "gfxbake.variant",
        "gfxbake.code-target",
        "gfxbake.rocr",
        "gfxbake.standins",
        "gfxbake.standins.answering",
    ];

    /// <param name="id">Its id.</param>
    /// <param name="inspected">What the engine says of it: a list with one object.</param>
    public static CheckedImage Image(string id, string inspected)
    {
        try
        {
            using var json = JsonDocument.Parse(inspected);
            var image = json.RootElement[0];
            var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var name in Labels)
            {
                if (Find(image, "Config", "Labels", name) is { ValueKind: JsonValueKind.String } label)
                    labels[name] = Short(label.GetString()!);
            }

            // A registry's name may be its owner's.
            IEnumerable<string> digests = Find(image, "RepoDigests") is { ValueKind: JsonValueKind.Array } list
                ? list.EnumerateArray().Select(d => Digest().Match(d.ToString()).Value).Where(d => d.Length > 0).Distinct()
                : [];
            return new(id, [.. digests], labels);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or IndexOutOfRangeException)
        {
            return new(id, [], new Dictionary<string, string>());
        }
    }

    /// <param name="doctor">How facts are found.</param>
    /// <param name="tree">The machine.</param>
    /// <param name="given">The recipe.</param>
    public static CheckedMachine Machine(DoctorFacts doctor, HostTree tree, GivenFacts given)
    {
        var values = new HostValues(doctor, tree, given);
        var firmware = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in tree.Find(FirmwareFiles))
        {
            // The first card's; zero is firmware that the card has not.
            if (tree.Read(file)?.Trim() is { } text && Hexadecimal().IsMatch(text) && text.AsSpan(2).ContainsAnyExcept('0'))
                firmware.TryAdd(Path.GetFileName(file), text);
        }

        return new(values["kernel"] is [var kernel, ..] ? kernel : null, values["gpus"], firmware);
    }

    /// <summary>The packages that say what the image's programs are.</summary>
    public static IReadOnlyDictionary<string, string> Packages(FullRecord? full, Variant variant)
    {
        var wanted = variant.ReportVersions.Append(variant.VersionOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var package in (full?.Packages ?? []).Where(p => wanted.Contains(p.Name)))
            versions[package.Name] = package.Version;
        return versions;
    }

    private static JsonElement? Find(JsonElement element, params IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element;
    }

    private static string Short(string text)
    {
        text = PlainText.Visible(text);
        return text.Length <= LongestLabel ? text : text[..LongestLabel] + "…";
    }

    [GeneratedRegex("sha256:[0-9a-f]{64}$")]
    private static partial Regex Digest();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]{1,16}\z")]
    private static partial Regex Hexadecimal();
}
