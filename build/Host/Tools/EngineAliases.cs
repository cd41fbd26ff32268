using System.Buffers;
using System.Text.Json;
using Cake.Core;
using Cake.Core.IO;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>Short names for engine commands.</summary>
public static class EngineAliases
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" \t\n\"'\\");
    private const int MostTags = 5;

    private static readonly TimeSpan Quick = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<string> EngineCommand(this BuildContext context, params IEnumerable<string> words)
    {
        context.Interruption.ThrowIfRequested();
        var output = new EngineRunner(context).Run(context.Engine, Words(words));
        // podman that is asked to end may do so with status 0, its work undone.
        context.Interruption.ThrowIfRequested();
        return output;
    }

    /// <exception cref="TimeoutException">The command took longer; its client was ended.</exception>
    public static IReadOnlyList<string> EngineCommand(this BuildContext context, TimeSpan limit, params IEnumerable<string> words) =>
        new EngineRunner(context).Run(context.Engine, Words(words), limit);

    /// <summary>The id of a local image without "sha256:", or null when there is none of that name.</summary>
    public static string? ImageId(this BuildContext context, string image) => Inspect(context, image, "{{.Id}}")?.Replace("sha256:", "");

    /// <summary>Bytes of a local image as this engine counts them, or null when there is none of that name.</summary>
    public static long? ImageBytes(this BuildContext context, string image)
    {
        if (Inspect(context, image, "{{.Size}}") is not { } text)
            return null;
        return long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : throw new CakeException($"{context.Engine.Version} gives no size for {image} but '{text}'");
    }

    /// <summary>The id of an image that a step has just made.</summary>
    public static string NeedImageId(this BuildContext context, string image) =>
        context.ImageId(image) ?? throw new CakeException($"image {image} is not there after it was built; look at the engine's storage");

    /// <summary>Digests of an image's layers, lowest first.</summary>
    public static IReadOnlyList<string> ImageLayers(this BuildContext context, string image) =>
        JsonSerializer.Deserialize<List<string>>(
            string.Concat(context.EngineCommand("image", "inspect", "--format", "{{json .RootFS.Layers}}", image))
        )!;

    /// <summary>
    /// Makes sure that an image was built on another: a Dockerfile can name that only by a tag, which may have been moved.
    /// </summary>
    /// <exception cref="CakeException">It was built on something else.</exception>
    public static void NeedBuiltOn(this BuildContext context, string image, string name, string below)
    {
        var (layers, wanted) = (context.ImageLayers(image), context.ImageLayers(below));
        if (!layers.Take(wanted.Count).SequenceEqual(wanted))
        {
            throw new CakeException(
                $"{name} became another image while this build used it, so what was built is thrown away\n"
                    + "Next: let the other build end, then run the same command again."
            );
        }
    }

    /// <summary>Gives an image a name, and makes sure that the name is still the image's afterwards.</summary>
    /// <remarks>
    /// podman 4.3 writes all names of an image at once. When two processes name the same image, and all checkouts have the same base, one
    /// name may be lost.
    /// </remarks>
    /// <exception cref="CakeException">Another build takes the name all the time.</exception>
    public static void TagImage(this BuildContext context, string id, string name)
    {
        var now = context.ImageId(name);
        for (var tries = 0; now != id && tries < MostTags; tries++)
        {
            context.EngineCommand("tag", id, name);
            now = context.ImageId(name);
        }

        if (now != id)
        {
            throw new CakeException(
                $"{name} is {now ?? "gone"} right after it was given to {id}\n"
                    + "Next: let the other build on this machine end, then run the same command again."
            );
        }
    }

    /// <summary>
    /// Whether an image is still there. If its name was lost or given away it gets it again, or a prune would take the image.
    /// </summary>
    public static bool StillHas(this BuildContext context, string id, string name)
    {
        if (context.ImageId(id) is null)
            return false;
        context.TagImage(id, name);
        return true;
    }

    /// <summary>
    /// What a Dockerfile calls an image of this checkout. podman gets the id, which nobody can take away; docker's builder takes names
    /// only,
    /// and its daemon loses none.
    /// </summary>
    public static string From(this BuildContext context, string name, string id)
    {
        context.TagImage(id, name);
        return context.Engine.Kind == EngineKind.Podman ? id : name;
    }

    private static string? Inspect(BuildContext context, string image, string format)
    {
        context.Interruption.ThrowIfRequested();
        try
        {
            var lines = context.EngineCommand(Quick, "image", "inspect", "--format", format, image);
            return lines.Count == 0 ? null : lines[0].Trim();
        }
        catch (EngineException exception) when (exception.Fault == EngineFault.NoSuchImage)
        {
            return null;
        }
    }

    public static ProcessArgumentBuilder Words(IEnumerable<string> words)
    {
        var arguments = new ProcessArgumentBuilder();
        foreach (var word in words)
            arguments.Append(Quote(word));
        return arguments;
    }

    /// <summary>Quotes one word so that .NET's splitting gives it back unchanged: backslashes count only before a quotation mark.</summary>
    public static string Quote(string word)
    {
        if (word.Length > 0 && !word.AsSpan().ContainsAny(Special))
            return word;
        var quoted = System.Text.RegularExpressions.Regex.Replace(
            word,
            @"(\\*)(""|\z)",
            m => m.Groups[1].Value + m.Groups[1].Value + (m.Groups[2].Length > 0 ? "\\\"" : "")
        );
        return '"' + quoted + '"';
    }
}
