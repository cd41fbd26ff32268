using System.Text.Json;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.CMake;

/// <summary>Reads CMakePresets.json, the files that it includes, and what presets inherit; cmake-presets(7).</summary>
/// <param name="tree">The source; nothing outside of it is read.</param>
public sealed class CMakePresetReader(IFileTree tree)
{
    private const int MostFileBytes = 1 << 20;
    private const int MostFiles = 32;
    private const int MostPresets = 1000;
    private const int Deepest = 16;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest };

    private readonly Dictionary<string, RawPreset> configure = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RawPreset> build = new(StringComparer.Ordinal);
    private readonly HashSet<string> files = new(StringComparer.Ordinal);

    /// <param name="tree">The source.</param>
    /// <param name="file">Absolute in it: /CMakePresets.json.</param>
    /// <exception cref="CMakePresetException">It is no file of presets.</exception>
    public static CMakePresets Read(IFileTree tree, string file)
    {
        var reader = new CMakePresetReader(tree);
        reader.Load(file);
        return new()
        {
            Configure = [.. reader.configure.Keys.Select(reader.Configured)],
            Build = [.. reader.build.Keys.Select(reader.Built)],
        };
    }

    private void Load(string file)
    {
        if (tree.Resolve(file).Target is not { Kind: EntryKind.File or EntryKind.HardLink } entry)
            throw new CMakePresetException($"{file} is not there");
        // A file may be included from two others.
        if (!files.Add(entry.Path))
            return;
        if (files.Count > MostFiles)
            throw new CMakePresetException($"{file}: more than {MostFiles} files of presets include each other");
        try
        {
            using var document = JsonDocument.Parse(Bytes(entry), Options);
            var root = Need(document.RootElement, JsonValueKind.Object, file, "the file");
            foreach (var name in Texts(root, "include", file))
                Load(Included(entry.Path, name));
            Take(root, "configurePresets", configure, file);
            Take(root, "buildPresets", build, file);
        }
        catch (JsonException error)
        {
            throw new CMakePresetException($"{file} is no JSON that can be read: {error.Message}");
        }
    }

    private byte[] Bytes(ImageEntry entry)
    {
        using var stream = tree.OpenFile(entry);
        var buffer = new byte[MostFileBytes + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length <= MostFileBytes
            ? buffer[..length]
            : throw new CMakePresetException($"{entry.Path} has more than {MostFileBytes} bytes");
    }

    private static string Included(string from, string name)
    {
        var parts = new List<string>();
        foreach (var part in (name.StartsWith('/') ? name : $"{ImagePath.Parent(from)}/{name}").Split('/'))
        {
            if (part == ".." && parts.Count == 0)
                throw new CMakePresetException($"{from} includes '{name}', which lies outside of the source");
            if (part == "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("" or "."))
                parts.Add(part);
        }

        return "/" + string.Join('/', parts);
    }

    private void Take(JsonElement root, string key, Dictionary<string, RawPreset> into, string file)
    {
        if (!root.TryGetProperty(key, out var list))
            return;
        foreach (var one in Need(list, JsonValueKind.Array, file, key).EnumerateArray())
        {
            var preset = Need(one, JsonValueKind.Object, file, key);
            var name = Text(preset, "name", file) ?? throw new CMakePresetException($"{file}: one of {key} has no name");
            if (configure.Count + build.Count >= MostPresets)
                throw new CMakePresetException($"{file}: more than {MostPresets} presets");
            var raw = new RawPreset(
                name,
                preset.TryGetProperty("hidden", out var hidden) && hidden.ValueKind == JsonValueKind.True,
                Texts(preset, "inherits", file),
                Text(preset, "configurePreset", file),
                preset.TryGetProperty("targets", out _) ? Texts(preset, "targets", file) : null,
                Variables(preset, file)
            );
            if (!into.TryAdd(name, raw))
                throw new CMakePresetException($"{file}: two of {key} are called '{name}'");
        }
    }

    private static Dictionary<string, string?> Variables(JsonElement preset, string file)
    {
        var found = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (!preset.TryGetProperty("cacheVariables", out var variables))
            return found;
        foreach (var variable in Need(variables, JsonValueKind.Object, file, "cacheVariables").EnumerateObject())
        {
            var value = variable.Value;
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("value", out var inner))
                value = inner;
            found[variable.Name] = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.True => "TRUE",
                JsonValueKind.False => "FALSE",
                // It unsets what was inherited.
                JsonValueKind.Null => null,
                _ => throw new CMakePresetException($"{file}: cacheVariables.{variable.Name} is neither text nor a truth value"),
            };
        }

        return found;
    }

    private ConfigurePreset Configured(string name)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var line = Line(configure, name);
        // What stands nearer to the preset wins.
        foreach (var (key, value) in line.AsEnumerable().Reverse().SelectMany(p => p.Variables))
        {
            if (value is null)
                variables.Remove(key);
            else
                variables[key] = value;
        }

        return new()
        {
            Name = name,
            IsHidden = configure[name].IsHidden,
            CacheVariables = variables,
        };
    }

    private BuildPreset Built(string name)
    {
        var line = Line(build, name);
        return new()
        {
            Name = name,
            ConfigurePreset = line.Select(p => p.Configure).FirstOrDefault(c => c is not null),
            Targets = line.Select(p => p.Targets).FirstOrDefault(t => t is not null) ?? [],
        };
    }

    /// <summary>A preset and all that it inherits from, the strongest first, as they stand in "inherits".</summary>
    private static List<RawPreset> Line(Dictionary<string, RawPreset> all, string name)
    {
        var line = new List<RawPreset>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Add(name, 0);
        return line;

        void Add(string one, int depth)
        {
            if (!all.TryGetValue(one, out var preset))
                throw new CMakePresetException($"the preset '{name}' inherits from '{one}', which is not there");
            if (depth > Deepest)
                throw new CMakePresetException($"the preset '{name}' inherits from itself, or over more than {Deepest} others");
            // Two of its parents may have the same one.
            if (!seen.Add(one))
                return;
            line.Add(preset);
            foreach (var parent in preset.Inherits)
            {
                if (parent == name)
                    throw new CMakePresetException($"the preset '{name}' inherits from itself");
                Add(parent, depth + 1);
            }
        }
    }

    private static JsonElement Need(JsonElement element, JsonValueKind kind, string file, string what) =>
        element.ValueKind == kind ? element : throw new CMakePresetException($"{file}: {what} is no {kind}");

    private static string? Text(JsonElement parent, string key, string file) =>
        parent.TryGetProperty(key, out var value) ? Need(value, JsonValueKind.String, file, key).GetString() : null;

    /// <summary>One text or a list of texts, as CMake takes them.</summary>
    private static List<string> Texts(JsonElement parent, string key, string file)
    {
        if (!parent.TryGetProperty(key, out var value))
            return [];
        return value.ValueKind == JsonValueKind.String
            ? [value.GetString()!]
            :
            [
                .. Need(value, JsonValueKind.Array, file, key)
                    .EnumerateArray()
                    .Select(v => Need(v, JsonValueKind.String, file, key).GetString()!),
            ];
    }

    private sealed record RawPreset(
        string Name,
        bool IsHidden,
        IReadOnlyList<string> Inherits,
        string? Configure,
        IReadOnlyList<string>? Targets,
        IReadOnlyDictionary<string, string?> Variables
    );
}
