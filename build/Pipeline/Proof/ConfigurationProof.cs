using System.Globalization;
using System.Text.Json;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Proof;

/// <summary>
/// Holds an image's configuration against the recipe: user, entry point, environment, labels, ports, health check, nothing else.
/// </summary>
/// <remarks>Format: what `docker image inspect` and `podman image inspect` print of one image, after the OCI image configuration.</remarks>
public static class ConfigurationProof
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const long Nanoseconds = 1_000_000_000;

    // What builders write of themselves: buildah's version, docker's name of the parent, a mark that only Windows reads.
    private const string BuilderLabel = "io.buildah.version";
    private static readonly string[] OfBuilders = ["Image", "ArgsEscaped"];

    /// <summary>Every key whose value is not the recipe's: a sentence each.</summary>
    /// <param name="image">The recipe's metadata.</param>
    /// <param name="environment">What programs get in the environment.</param>
    /// <param name="labels">What the image says of itself.</param>
    /// <param name="inspected">The engine's description of the image, an object.</param>
    public static IReadOnlyList<string> Differences(
        ImageMetadata image,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, string> labels,
        JsonElement inspected
    )
    {
        var wanted = Wanted(image, environment, labels);
        var found = Found(inspected);
        // Engines put their default PATH into an image that has none.
        if (found.GetValueOrDefault("Env PATH") == DefaultPath)
            wanted.TryAdd("Env PATH", DefaultPath);
        var keys = wanted.Keys.Union(found.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return
        [
            .. keys.Where(k => wanted.GetValueOrDefault(k) != found.GetValueOrDefault(k))
                .Select(k => Sentence(k, wanted.GetValueOrDefault(k), found.GetValueOrDefault(k))),
        ];
    }

    private static string Sentence(string key, string? wanted, string? found)
    {
        var name = PlainText.Visible(key);
        if (found is null)
            return $"{name} is missing; it should be {wanted}";
        return wanted is null
            ? $"{name} is {PlainText.Visible(found)}, and should not be there"
            : $"{name} is {PlainText.Visible(found)}, not {wanted}";
    }

    private static Dictionary<string, string> Wanted(
        ImageMetadata image,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, string> labels
    )
    {
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal) { ["User"] = image.User, ["WorkingDir"] = image.Workdir };
        if (image.Entrypoint.Count > 0)
            wanted["Entrypoint"] = Words(image.Entrypoint);
        if (image.Command.Count > 0)
            wanted["Cmd"] = Words(image.Command);
        foreach (var (key, value) in environment)
            wanted["Env " + key] = value;
        foreach (var (key, value) in labels)
            wanted["Label " + key] = value;
        foreach (var port in image.Ports)
            wanted[$"ExposedPorts {port}/tcp"] = "{}";
        if (image.Healthcheck is not { } check)
            return wanted;
        wanted["Healthcheck Test"] = Words(["CMD", .. check.Command]);
        wanted["Healthcheck Interval"] = Time(check.Interval);
        wanted["Healthcheck Timeout"] = Time(check.Timeout);
        wanted["Healthcheck StartPeriod"] = Time(check.StartPeriod);
        return wanted;
    }

    private static Dictionary<string, string> Found(JsonElement inspected)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var config = inspected.TryGetProperty("Config", out var value) && value.ValueKind == JsonValueKind.Object ? value : default;
        if (config.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in config.EnumerateObject().Where(p => !OfBuilders.Contains(p.Name)))
                Add(found, property.Name, property.Value);
        }
        // podman shows the health check beside the configuration, docker inside.
        if (inspected.TryGetProperty("Healthcheck", out var check))
            Add(found, "Healthcheck", check);
        found.Remove("Label " + BuilderLabel);
        return found;
    }

    private static void Add(Dictionary<string, string> found, string name, JsonElement value)
    {
        switch (name, value.ValueKind)
        {
            case ("Env", JsonValueKind.Array):
                foreach (var pair in value.EnumerateArray().Select(e => (e.GetString() ?? "").Split('=', 2)))
                {
                    if (!found.TryAdd("Env " + pair[0], pair.ElementAtOrDefault(1) ?? ""))
                        found[$"Env {pair[0]} (again)"] = pair.ElementAtOrDefault(1) ?? "";
                }

                break;
            case ("Labels", JsonValueKind.Object):
                foreach (var label in value.EnumerateObject())
                    found["Label " + label.Name] = Text(label.Value);
                break;
            case ("ExposedPorts" or "Healthcheck", JsonValueKind.Object):
                foreach (var part in value.EnumerateObject().Where(p => !IsNothing(p.Value) || name == "ExposedPorts"))
                    found[$"{name} {part.Name}"] = Text(part.Value);
                break;
            default:
                if (!IsNothing(value))
                    found[name] = Text(value);
                break;
        }
    }

    private static bool IsNothing(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.String => value.GetString()!.Length == 0,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            JsonValueKind.Number => value.GetRawText() == "0",
            _ => false,
        };

    private static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Array when value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) => Words(
                value.EnumerateArray().Select(e => e.GetString()!)
            ),
            _ => value.GetRawText(),
        };

    private static string Words(IEnumerable<string> words) => JsonSerializer.Serialize(words);

    private static string Time(int seconds) => (seconds * Nanoseconds).ToString(CultureInfo.InvariantCulture);
}
