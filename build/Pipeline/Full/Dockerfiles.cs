using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Full;

/// <summary>Puts a recipe's image metadata into a Dockerfile, which has no loops of its own.</summary>
public static class Dockerfiles
{
    /// <summary>The line that the metadata replaces; without the replacement it is a comment.</summary>
    public const string Marker = "# gfxbake: the recipe's metadata";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The Dockerfile with ENV, LABEL, EXPOSE, HEALTHCHECK, USER, WORKDIR, ENTRYPOINT and CMD in place of the marker.</summary>
    /// <exception cref="FormatException">The marker is missing.</exception>
    public static string WithMetadata(
        string dockerfile,
        ImageMetadata image,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, string> labels
    )
    {
        var lines = dockerfile.Split('\n').ToList();
        var at = lines.IndexOf(Marker);
        if (at < 0)
            throw new FormatException($"the Dockerfile has no line '{Marker}'; put it where the recipe's metadata belongs");
        lines[at] = Metadata(image, environment, labels);
        return string.Join('\n', lines);
    }

    private static string Metadata(
        ImageMetadata image,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, string> labels
    )
    {
        var text = new StringBuilder();
        // One instruction each: every instruction is a commit of the whole image in some engines.
        if (environment.Count > 0)
        {
            var variables = environment.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={Quote(p.Value)}");
            text.Append($"ENV {string.Join(' ', variables)}\n");
        }

        if (labels.Count > 0)
        {
            var pairs = labels.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Quote(p.Key)}={Quote(p.Value)}");
            text.Append($"LABEL {string.Join(' ', pairs)}\n");
        }

        foreach (var port in image.Ports)
            text.Append($"EXPOSE {port}\n");
        if (image.Healthcheck is { } check)
        {
            text.Append(
                $"HEALTHCHECK --interval={check.Interval}s --timeout={check.Timeout}s "
                    + $"--start-period={check.StartPeriod}s CMD {Array(check.Command)}\n"
            );
        }

        text.Append($"WORKDIR {image.Workdir}\nUSER {image.User}\n");
        text.Append($"ENTRYPOINT {Array(image.Entrypoint)}\nCMD {Array(image.Command)}");
        return text.ToString();
    }

    private static string Array(IReadOnlyList<string> words) => JsonSerializer.Serialize(words, Json);

    /// <summary>Quotes a value so that neither quotes, backslashes nor '$' in it mean anything to the Dockerfile parser.</summary>
    private static string Quote(string value)
    {
        if (value.AsSpan().ContainsAny('\n', '\r', '\0'))
            throw new FormatException($"the value '{value}' has a line break; a Dockerfile can't carry it");
        return '"' + value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("$", "\\$") + '"';
    }
}
