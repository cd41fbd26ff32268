namespace Gfxbake.Formats.CMake;

/// <summary>A way to configure a project, with all that it inherits.</summary>
public sealed record ConfigurePreset
{
    public required string Name { get; init; }

    /// <summary>Whether it is only for others to inherit from; CMake refuses to configure with it.</summary>
    public bool IsHidden { get; init; }

    public IReadOnlyDictionary<string, string> CacheVariables { get; init; } = new Dictionary<string, string>();
}

/// <summary>What is built of a configured project, with all that it inherits.</summary>
public sealed record BuildPreset
{
    public required string Name { get; init; }

    public string? ConfigurePreset { get; init; }

    public IReadOnlyList<string> Targets { get; init; } = [];
}

/// <summary>The presets of a project: its CMakePresets.json and the files that it includes.</summary>
public sealed record CMakePresets
{
    public required IReadOnlyList<ConfigurePreset> Configure { get; init; }

    public required IReadOnlyList<BuildPreset> Build { get; init; }

    /// <summary>Names that CMake can configure with.</summary>
    public IEnumerable<string> Names => Configure.Where(c => !c.IsHidden).Select(c => c.Name);

    /// <summary>What is built after configuring with a preset: the build preset of the same name, or the first that is for it.</summary>
    public IReadOnlyList<string> TargetsOf(string configure) =>
        (Build.FirstOrDefault(b => b.Name == configure) ?? Build.FirstOrDefault(b => b.ConfigurePreset == configure))?.Targets ?? [];
}

/// <summary>A file of presets is not what CMake reads.</summary>
public sealed class CMakePresetException(string message) : Exception(message);
